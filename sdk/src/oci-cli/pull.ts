import type { Process } from '../access.ts';
import type { PullOptions } from '../engine.ts';
import type { ImageRef } from '../resources.ts';
import type { Cli } from './cli.ts';
import { authFileText } from '../oci/auth-file.ts';
import { demandRegistry, ofImage } from '../oci/failures.ts';
import { linesOf } from '../oci/lines.ts';
import { withAuthFolder } from './credentials.ts';
import { pullArguments } from './pull-arguments.ts';
import { PullProgress } from '../oci/pull-progress.ts';

/** A large image over a slow line. */
const limit = 30 * 60;
/** Characters kept of what a pull printed, for its failure. */
const kept = 4096;

const doing = 'fetch the image';

/** Fetches an image with the command line's `pull`. */
export async function pull(cli: Cli, image: ImageRef, options: PullOptions, signal: AbortSignal): Promise<void> {
  const { dialect } = cli;
  demandRegistry(image, `${dialect.title} could not ${doing} on ${cli.host.name}`);
  return cli.inTime(limit, signal, async (until) => {
    if (options.credentials === undefined) return run(cli, pullArguments(dialect, image, options), options, until);
    const text = authFileText(image.registry, options.credentials);
    return withAuthFolder(cli.host, text, until, (folder) =>
      run(cli, pullArguments(dialect, image, { ...options, folder }), options, until),
    );
  });
}

async function run(cli: Cli, args: readonly string[], options: PullOptions, signal: AbortSignal): Promise<void> {
  const process = await cli.stream(args, signal);
  const said = await read(process, options.onProgress);
  const exitCode = await process.exited;
  signal.throwIfAborted();
  if (exitCode === 127) throw cli.missing();
  if (exitCode !== 0) throw ofImage(cli.failure({ exitCode, stdout: '', stderr: said }, doing));
}

/** Reads a pull's lines to the end and reports them. Returns the last of them. */
async function read(process: Process, report: PullOptions['onProgress']): Promise<string> {
  const progress = new PullProgress();
  let said = '';
  for await (const line of linesOf(process.stdout)) {
    said = `${said}${line}\n`.slice(-kept);
    const sentence = progress.add(line);
    if (sentence !== undefined) report?.(sentence);
  }
  return said;
}
