import type { Host } from '../access.ts';
import { SteleError } from '../errors.ts';
import type { RegistryCredentials } from '../resources.ts';

/** Seconds for each step with the folder. */
const limit = 10_000;

/** The file that both Docker (`config.json`) and Podman (`--authfile`) read. Pure. */
export function authFileText(registry: string, { username, password }: RegistryCredentials): string {
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  // Docker knows its own registry by the address of its first API.
  const names = registry === 'docker.io' ? [registry, 'https://index.docker.io/v1/'] : [registry];
  return JSON.stringify({ auths: Object.fromEntries(names.map((name) => [name, { auth }])) });
}

/** Runs `work` with a folder on the host that only this identity can read and that holds `config.json`. It is gone after. */
export async function withAuthFolder<T>(
  host: Host,
  text: string,
  signal: AbortSignal,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await makeFolder(host, signal);
  try {
    await host.files(folder).write('config.json', once(text), { mode: 0o600 }, signal);
    return await work(folder);
  } finally {
    // Not by the caller's signal: the secret has to go also when the caller has left.
    await host.exec(['rm', '-r', '-f', '--', folder], {}, AbortSignal.timeout(limit));
  }
}

async function makeFolder(host: Host, signal: AbortSignal): Promise<string> {
  const { exitCode, stdout, stderr } = await host.exec(['mktemp', '-d', '-t', 'stele-XXXXXXXXXX'], {}, signal);
  const folder = stdout.trim();
  if (exitCode === 0 && folder.startsWith('/')) return folder;
  throw new SteleError('LIMIT', `No temporary folder can be made on ${host.name}.`, { raw: stderr });
}

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
