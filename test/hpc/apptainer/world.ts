import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Host, RegistryCredentials } from '@stele/sdk';
import { type EngineWorld, inTime, shellBehaviours } from '@stele/sdk/testing';
import { readAgent } from '../../../agent/src/index.ts';
import { SingularityEngine } from '../../../plugins/engines/singularity/src/server/engine.ts';
import type { SingularitySettings } from '../../../plugins/engines/singularity/src/settings.ts';
import { bringUp, importTiny } from '../../engines/bed.ts';
import { SiteAccess } from '../lib/site-access.ts';
import { openSite } from '../lib/site.ts';

const run = promisify(execFile);
const registryBed = fileURLToPath(new URL('../../beds/registry', import.meta.url));

/** The account that all of this is done with. */
export const home = '/home/bob';

/** A host with Apptainer, and registries that it reaches. */
export interface Place extends AsyncDisposable {
  readonly access: SiteAccess;
  /** Address of an open registry, in plain HTTP. */
  readonly registry: string;
  /** Address of one that asks for a log-in. */
  readonly guarded: string;
  /** By what the open registry knows an image of its own. */
  digestOf(repository: string): Promise<string>;
}

/** The login node of a site, by SSH. */
export async function openPlace(): Promise<Place> {
  const site = await openSite({ suite: 'trixie' });
  // Ports of its own: other tests have registries at this address.
  const env = {
    ...process.env,
    REGISTRY_ADDRESS: site.platform,
    REGISTRY_PORT: '15010',
    REGISTRY_LOGIN_PORT: '15011',
    STELE_BEDS: join(process.env['STELE_BEDS'] ?? '/var/tmp/stele-beds', 'apptainer'),
  };
  await run(registryBed, ['up'], { env });
  const access = new SiteAccess(site);
  return {
    access,
    registry: `${site.platform}:15010`,
    guarded: `${site.platform}:15011`,
    digestOf: async (repository) => {
      const headers = { accept: 'application/vnd.oci.image.manifest.v1+json' };
      const url = `http://${site.platform}:15010/v2/${repository}/manifests/1`;
      return (await fetch(url, { method: 'HEAD', headers })).headers.get('docker-content-digest') ?? '';
    },
    async [Symbol.asyncDispose]() {
      access[Symbol.dispose]();
      await run(registryBed, ['down'], { env });
    },
  };
}

/** Puts the tiny image into the place's registry. */
export async function publishTiny({ registry }: Pick<Place, 'registry'>, login?: RegistryCredentials): Promise<void> {
  await bringUp('podman');
  await importTiny(['podman']);
  const who = login === undefined ? [] : ['--creds', `${login.username}:${login.password}`];
  await run('podman', ['push', '--tls-verify=false', ...who, 'localhost/stele/tiny:1', `${registry}/stele/tiny:1`]);
}

export const signal = (): AbortSignal => inTime(60_000);

export function engineAt(registry: string, parts: Partial<SingularitySettings> = {}): SingularityEngine {
  const settings = { command: '', imageFolder: '', imageFiles: {}, insecureRegistries: [registry], ...parts };
  return new SingularityEngine(settings, readAgent());
}

export function tinyAt(registry: string): { registry: string; repository: string; tag: string } {
  return { registry, repository: 'stele/tiny', tag: '1' };
}

/** A world for the engine kit. */
export async function apptainerWorld({ access, registry }: Place): Promise<EngineWorld> {
  const host = await access.open();
  const engine = engineAt(registry);
  const image = tinyAt(registry);
  await engine.operator(host).pull(image, {}, signal());
  const { stdout } = await host.exec(['mktemp', '-d', `${home}/kit-XXXXXX`], {}, signal());
  const folder = `${stdout.trim()}/a "b", c`;
  await host.ensureFolder(folder, 0o755, signal());
  return {
    engine,
    host,
    image,
    behaviours: shellBehaviours,
    folder,
    hasFile: async (name) => (await host.exec(['test', '-e', `${folder}/${name}`], {}, signal())).exitCode === 0,
    greetingAt: (port) => greetingAt(host, port),
    close: async () => {
      await host.exec(['rm', '-rf', '--', stdout.trim()], {}, signal());
      await host[Symbol.asyncDispose]();
    },
  };
}

async function greetingAt(host: Host, port: number): Promise<string> {
  const stream = await host.dial({ host: '127.0.0.1', port }, signal());
  return Buffer.concat(await Array.fromAsync(stream as AsyncIterable<Buffer>)).toString();
}
