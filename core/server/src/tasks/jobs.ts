/** Work that goes on beside the rounds: at most one piece for each key, and a bounded number in all. */
export class Jobs {
  readonly #running = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
  readonly #limit: number;
  readonly #failed: (key: string, error: unknown) => void;

  constructor(limit: number, failed: (key: string, error: unknown) => void) {
    this.#limit = limit;
    this.#failed = failed;
  }

  /** Starts the work unless it is under way or there is no room. `after` is called when it has gone well. */
  start(key: string, signal: AbortSignal, work: (signal: AbortSignal) => Promise<void>, after: () => void): void {
    if (this.#running.has(key) || this.#running.size >= this.#limit) return;
    const abort = new AbortController();
    const done = work(AbortSignal.any([signal, abort.signal])).then(
      () => this.#end(key, after),
      (error: unknown) => this.#end(key, () => signal.aborted || this.#failed(key, error)),
    );
    this.#running.set(key, { abort, done });
  }

  isRunning(key: string): boolean {
    return this.#running.has(key);
  }

  abort(key: string): void {
    this.#running.get(key)?.abort.abort();
  }

  /** Resolves when everything that runs has ended. */
  async idle(): Promise<void> {
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #end(key: string, then: () => unknown): void {
    this.#running.delete(key);
    then();
  }
}
