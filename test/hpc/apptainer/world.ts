import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { RegistryCredentials } from '@stele/sdk';
import { type EngineWorld, shellBehaviours } from '@stele/sdk/testing';
import { readAgent } from '../../../agent/src/index.ts';
import { SingularityEngine } from '../../../plugins/engines/singularity/src/server/engine.ts';
import type { SingularitySettings } from '../../../plugins/engines/singularity/src/settings.ts';
import { bringUp, importTiny } from '../../engines/bed.ts';
import { PrefixedHost } from './prefixed-host.ts';

const run = promisify(execFile);
const bed = fileURLToPath(new URL('../../beds/hpc-site', import.meta.url));

/** A host with Apptainer, and a registry that it reaches. */
export interface Place {
  /** Words of the command that gets into the host, as an ordinary user. */
  readonly prefix: readonly string[];
  /** Address of an open registry, in plain HTTP. */
  readonly registry: string;
  /** Address of one that asks for a log-in. */
  readonly guarded?: string;
}

/**
 * Where Apptainer is: the host behind the words in STELE_APPTAINER_HOST with the registry STELE_APPTAINER_REGISTRY, else the
 * HPC site's login node. `undefined` where there is neither.
 */
export async function findPlace(): Promise<Place | undefined> {
  const { STELE_APPTAINER_HOST: words, STELE_APPTAINER_REGISTRY: registry } = process.env;
  if (words && registry) return { prefix: words.split(' '), registry };
  if (process.getuid?.() !== 0 || !existsSync(bed)) return undefined;
  await run(bed, ['up'], { maxBuffer: 1 << 24 });
  const platform = /SITE_PLATFORM=(\S+)/.exec((await run(bed, ['env'])).stdout)?.[1] ?? '';
  const environment = { ...process.env, REGISTRY_ADDRESS: platform };
  await run(fileURLToPath(new URL('../../beds/registry', import.meta.url)), ['up'], { env: environment });
  return { prefix: [bed, 'as', 'alice', 'login'], registry: `${platform}:15000`, guarded: `${platform}:15001` };
}

/** Puts the tiny image into the place's registry. */
export async function publishTiny({ registry }: Place, login?: RegistryCredentials): Promise<void> {
  await bringUp('podman');
  await importTiny(['podman']);
  const who = login === undefined ? [] : ['--creds', `${login.username}:${login.password}`];
  await run('podman', ['push', '--tls-verify=false', ...who, 'localhost/stele/tiny:1', `${registry}/stele/tiny:1`]);
}

export const signal = (): AbortSignal => AbortSignal.timeout(60_000);

export function engineAt({ registry }: Place, parts: Partial<SingularitySettings> = {}): SingularityEngine {
  const settings = { command: '', imageFolder: '', imageFiles: {}, insecureRegistries: [registry], ...parts };
  return new SingularityEngine(settings, readAgent());
}

export function tinyAt({ registry }: Place): { registry: string; repository: string; tag: string } {
  return { registry, repository: 'stele/tiny', tag: '1' };
}

/** A world for the engine kit. */
export async function apptainerWorld(place: Place): Promise<EngineWorld> {
  const host = new PrefixedHost(place.prefix);
  const engine = engineAt(place);
  const image = tinyAt(place);
  await engine.operator(host).pull(image, {}, signal());
  const { stdout } = await host.exec(['mktemp', '-d', '/home/alice/kit-XXXXXX'], {}, signal());
  const folder = `${stdout.trim()}/a "b", c`;
  await host.ensureFolder(folder, 0o755, signal());
  return {
    engine,
    host,
    image,
    behaviours: shellBehaviours,
    folder,
    hasFile: async (name) => (await host.exec(['test', '-e', `${folder}/${name}`], {}, signal())).exitCode === 0,
    greetingAt: async (port) => (await host.exec(['busybox', 'nc', '127.0.0.1', String(port)], {}, signal())).stdout,
    close: async () => {
      await host.exec(['rm', '-rf', '--', stdout.trim()], {}, signal());
      await host[Symbol.asyncDispose]();
    },
  };
}
