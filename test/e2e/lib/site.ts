import type { SiteFile } from '../../../core/server/src/site/index.ts';
import type { Engine } from './engine.ts';

const flags = { customPort: true, interfaceAuth: false, fixedUser: false };

/** As in the laptop's site: this machine, and a folder of files for each user. */
export const resources = {
  computing: [{ name: 'This machine', driver: 'standalone', access: 'local', auth: 'none' }],
  storages: [
    {
      name: 'My files',
      backend: 'posix',
      access: 'local',
      auth: 'none',
      computing: 'This machine',
      conf: { base: '${data}/files/$USER', bind: '/storage/my-files' },
    },
  ],
  software: [
    { name: 'Echo', registry: 'localhost', image: 'stele/web-echo', tag: '1', port: 8080, protocol: 'http', flags },
  ],
} satisfies SiteFile['resources'];

/** A site whose tasks one engine runs; the other engines that come with Stele are disabled. */
export function siteWith({ id, settings }: Engine, more: Partial<SiteFile> = {}): SiteFile {
  const { plugins, ...rest } = more;
  const engines = Object.fromEntries(
    ['podman', 'docker', 'docker-api', 'singularity'].map((name) => [engineId(name), { enabled: name === id }]),
  );
  return { resources, ...rest, plugins: { ...engines, [engineId(id)]: { enabled: true, ...settings }, ...plugins } };
}

const engineId = (name: string): string => `engine-${name}`;
