import { unlessAborted } from './unless-aborted.ts';

/** Lets callers with the same key go one after the other, first come, first served. Others pass. */
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
      await unlessAborted(before, signal);
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
