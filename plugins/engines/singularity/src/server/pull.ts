import { type ImageRef, type Process, type PullOptions, SteleError } from '@stele/sdk';
import { ofImage } from '@stele/sdk/oci';
import type { HostShell } from './host-shell.ts';
import { demandSource, type ImagePlace } from './image.ts';
import { PullProgress } from './pull-progress.ts';

/** A large image over a slow line, made into a file by a slow host. */
const limit = 60 * 60;
/** Characters kept of what it printed, for its failure. */
const kept = 4096;

/** Fetches an image into its file on the resource. Who comes second waits for the first. */
export async function pull(
  shell: HostShell,
  image: ImageRef,
  place: ImagePlace,
  options: PullOptions,
  signal: AbortSignal,
): Promise<void> {
  if (place.file.startsWith('/')) {
    throw new SteleError('NOT_FOUND', `The operator’s file ${place.file} is not on ${shell.host.name}.`, {
      field: 'image',
    });
  }
  demandSource(image, place);
  const architecture = options.architecture?.split('/')[0] ?? '';
  const args = [place.file, place.uri, architecture, place.isPlain ? 'plain' : ''];
  await shell.inTime(limit, signal, async (until) => {
    const process = await shell.spawn('pull', args, until);
    process.stdin.end(credentialLines(options));
    const said = await read(process, options.onProgress);
    const exitCode = await process.exited;
    until.throwIfAborted();
    if (exitCode !== 0)
      throw ofImage(shell.failure({ exitCode, stdout: '', stderr: said }, `fetch ${image.repository}`));
  });
}

/** On standard input: neither in an argument nor in a file. */
function credentialLines({ credentials }: PullOptions): string {
  if (credentials === undefined) return '';
  const { username, password } = credentials;
  if (/[\n\0]/.test(username + password)) {
    throw new SteleError('INVALID', 'A user name or password of a registry can’t hold a line break.', {
      field: 'credentials',
    });
  }
  return `${username}\n${password}\n`;
}

async function read(process: Process, report: PullOptions['onProgress']): Promise<string> {
  const progress = new PullProgress();
  let said = '';
  let rest = '';
  for await (const chunk of process.stdout) {
    const lines = (rest + String(chunk)).split(/\r?\n|\r/);
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line.startsWith('STELE ')) said = `${said}${line}\n`.slice(-kept);
      const sentence = progress.add(line);
      if (sentence !== undefined) report?.(sentence);
    }
  }
  return said + rest;
}
