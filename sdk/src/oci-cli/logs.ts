import type { LogOptions } from '../engine.ts';
import { SteleError } from '../errors.ts';
import type { Cli } from './cli.ts';
import { inspect } from './inspect-containers.ts';

/**
 * What a container printed. Ends quietly when `signal` aborts.
 * @throws NOT_FOUND when it is absent
 */
export async function* logs(
  cli: Cli,
  name: string,
  options: LogOptions,
  limit: number,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  // Asked first: afterwards the engine's own words can't be told from the container's.
  const state = (await inspect(cli, [name], limit, signal)).get(name);
  if (state?.phase === 'absent')
    throw new SteleError('NOT_FOUND', `The container is not on ${cli.host.name} any more.`);
  const process = await cli.stream(logArguments(name, options), signal);
  try {
    yield* process.stdout as AsyncIterable<Uint8Array>;
  } finally {
    process.kill();
  }
  const exitCode = await process.exited;
  if (exitCode === 0 || signal.aborted) return;
  throw cli.failure({ exitCode, stdout: '', stderr: '' }, 'read a container’s output');
}

function logArguments(name: string, { follow, tail }: LogOptions): readonly string[] {
  const lines = tail === undefined ? [] : ['--tail', String(Math.max(0, Math.floor(tail)))];
  return ['logs', ...(follow === true ? ['--follow'] : []), ...lines, name];
}
