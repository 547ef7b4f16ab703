import { SteleError } from '../errors.ts';

/**
 * Lets callers with the same key go one after the other. Starting a container is two steps, and `start` runs a container
 * that has ended again: two callers who both see it made and not started would run a short task twice.
 */
export class Turns {
  readonly #last = new Map<string, Promise<void>>();

  /**
   * Runs `work` after everybody who asked before with the same key.
   * @throws UNREACHABLE when `signal` aborts before its turn has come
   */
  async take<T>(key: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const { promise: mine, resolve: done } = Promise.withResolvers<void>();
    const last = before.then(() => mine);
    this.#last.set(key, last);
    try {
      await untilAborted(before, signal);
      return await work();
    } finally {
      done();
      if (this.#last.get(key) === last) void last.then(() => this.#forget(key, last));
    }
  }

  #forget(key: string, last: Promise<void>): void {
    if (this.#last.get(key) === last) this.#last.delete(key);
  }
}

async function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const leave = () => reject(new SteleError('UNREACHABLE', 'The call was ended before its turn came.'));
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
