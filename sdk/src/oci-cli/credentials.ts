import type { Host } from '../access.ts';
import { SteleError } from '../errors.ts';

/** Seconds for each step with the folder. */
const limit = 10_000;

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
