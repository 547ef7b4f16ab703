import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ContainerEngine, ImageRef, JsonObject, Launch, Registry, RegistryCredentials } from '@stele/sdk';
import { CliEngine } from '@stele/sdk/oci-cli';
import type { DriverWorld } from '@stele/sdk/testing';
import { readAgent } from '../../../agent/src/index.ts';
import { podmanDialect } from '../../../plugins/engines/podman/src/server/dialect.ts';
import { SingularityEngine } from '../../../plugins/engines/singularity/src/server/engine.ts';
import { bringUp, importForeignTask, importTask } from '../../engines/bed.ts';
import { SiteAccess } from './site-access.ts';
import type { Site } from './site.ts';
import { Yard } from './yard.ts';
import { slurmDriver, slurmResource } from './slurm-world.ts';

const run = promisify(execFile);
const registryBed = fileURLToPath(new URL('../../beds/registry', import.meta.url));

/** A registry that a site reaches, with an image that runs the script in `SCRIPT`. */
export interface TaskImages extends AsyncDisposable {
  readonly address: string;
  readonly image: ImageRef;
  /** The same, for machines of another architecture. */
  readonly foreign: ImageRef;
  /** By what the registry knows the image. */
  readonly digest: string;
  /** The same image in a registry that asks for a log-in. */
  readonly guarded: { readonly image: ImageRef; readonly credentials: RegistryCredentials };
}

export async function openTaskImages(site: Site): Promise<TaskImages> {
  // Ports of its own: other tests have registries at this address.
  const env = {
    ...process.env,
    REGISTRY_ADDRESS: site.platform,
    REGISTRY_PORT: '15012',
    REGISTRY_LOGIN_PORT: '15013',
    STELE_BEDS: join(process.env['STELE_BEDS'] ?? '/var/tmp/stele-beds', 'slurm-images'),
  };
  await run(registryBed, ['up'], { env });
  const address = `${site.platform}:15012`;
  await bringUp('podman');
  await importTask(['podman']);
  await importForeignTask(['podman']);
  // Another one each time: hosts keep what an earlier run fetched by the same name.
  const tag = String(Date.now());
  for (const name of ['stele/tiny-task', 'stele/tiny-arm']) {
    await run('podman', ['push', '--tls-verify=false', `localhost/${name}:1`, `${address}/${name}:${tag}`]);
  }
  const credentials = { username: 'tester', password: 'correct-horse' };
  const login = ['--tls-verify=false', '--creds', `${credentials.username}:${credentials.password}`];
  const behind = `${site.platform}:15013`;
  await run('podman', ['push', ...login, 'localhost/stele/tiny-task:1', `${behind}/stele/tiny-task:${tag}`]);
  return {
    address,
    image: { registry: address, repository: 'stele/tiny-task', tag },
    guarded: { image: { registry: behind, repository: 'stele/tiny-task', tag }, credentials },
    foreign: { registry: address, repository: 'stele/tiny-arm', tag },
    digest: await digestOf(`http://${address}/v2/stele/tiny-task/manifests/${tag}`),
    [Symbol.asyncDispose]: async () => void (await run(registryBed, ['down'], { env })),
  };
}

async function digestOf(url: string): Promise<string> {
  const headers = { accept: 'application/vnd.oci.image.manifest.v1+json' };
  return (await fetch(url, { method: 'HEAD', headers })).headers.get('docker-content-digest') ?? '';
}

/** The engines that nodes of a site have. */
export function containerEngine(
  id: 'podman' | 'singularity',
  ...insecureRegistries: readonly string[]
): ContainerEngine {
  if (id === 'singularity') {
    return new SingularityEngine(
      { command: '', imageFolder: '', imageFiles: {}, insecureRegistries: [...insecureRegistries] },
      readAgent(),
    );
  }
  return new CliEngine(
    podmanDialect({
      command: 'podman',
      globalArguments: [],
      runtimes: ['crun', 'runc'],
      insecureRegistries: [...insecureRegistries],
    }),
  );
}

/** A registry of one. */
export function onlyEngine(id: string, engine: ContainerEngine): Registry<ContainerEngine> {
  return {
    get: (wanted) => (wanted === id ? engine : undefined),
    list: () => [{ id, item: engine, plugin: 'test' }],
    onChange: () => ({ [Symbol.dispose]: () => undefined }),
  };
}

/** Script of a task that answers each connection with `hello`. */
export const greeter = 'echo up; while :; do echo hello | nc -l -p "$BASE_PORT"; done';

/** A launch of a script in the task image. */
export function containerTask(image: ImageRef, script: string, options: JsonObject = {}): Omit<Launch, 'key'> {
  return {
    name: 'in a container',
    image,
    interface: { port: 8080, protocol: 'tcp', transport: 'tcp' },
    env: { SCRIPT: script, BASE_PORT: '8080' },
    binds: [],
    options: { memory: 256 * 1024 ** 2, ...options },
  };
}

/** A world for the kit of computing drivers, of real containers. */
export function containerWorld(
  site: Site,
  id: 'podman' | 'singularity',
  { image, address }: TaskImages,
  conf: JsonObject = {},
): DriverWorld {
  const access = new SiteAccess(site);
  const script = (text: string) => containerTask(image, text);
  return {
    driver: slurmDriver(access, undefined, onlyEngine(id, containerEngine(id, address))),
    resource: slurmResource(access, conf),
    behaviours: {
      print: (lines, exitCode) => script(`${lines.map((line) => `echo ${line}; `).join('')}exit ${exitCode}`),
      greet: () => script(greeter),
      ignore: () => script('trap "" TERM; echo up; while :; do sleep 1; done'),
      missing: () => ({ ...script(''), image: { ...image, tag: 'no-such' } }),
    },
    close: async () => access[Symbol.dispose](),
  };
}

/** A yard of real containers. */
export function containerYard(
  site: Site,
  id: 'podman' | 'singularity',
  { image, address }: TaskImages,
  conf: JsonObject = {},
): Yard {
  const engines = onlyEngine(id, containerEngine(id, address));
  return new Yard(site, new SiteAccess(site), conf, {
    engines,
    task: (script, options) => containerTask(image, script, options),
  });
}
