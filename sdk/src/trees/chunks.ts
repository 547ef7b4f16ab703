import { unlessAborted } from '../unless-aborted.ts';

/**
 * The chunks of a source until it ends or `signal` aborts: also when the source itself never speaks again, in which case
 * it is told to end and not waited for.
 * @throws UNREACHABLE when `signal` aborts
 */
export async function* chunksUntil(
  source: AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let isDone = false;
  try {
    for (;;) {
      const next = await unlessAborted(iterator.next(), signal);
      isDone = next.done === true;
      if (next.done === true) return;
      yield next.value;
    }
  } finally {
    if (!isDone) void Promise.allSettled([iterator.return?.()]);
  }
}
