interface Job {
  readonly signal: AbortSignal;
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly after: () => void;
}

/** Work that goes on beside the rounds: at most one piece for each key, a bounded number at a time, the others in line. */
export class Jobs {
  readonly #running = new Map<string, { readonly abort: AbortController; readonly done: Promise<void> }>();
  readonly #waiting = new Map<string, Job>();
  readonly #limit: number;
  readonly #failed: (key: string, error: unknown) => void;

  constructor(limit: number, failed: (key: string, error: unknown) => void) {
    this.#limit = limit;
    this.#failed = failed;
  }

  /** Does the work as soon as there is room, unless it is under way. `after` is called when it has gone well. */
  start(key: string, signal: AbortSignal, work: Job['work'], after: () => void): void {
    if (this.#running.has(key)) return;
    this.#waiting.set(key, { signal, work, after });
    this.#next();
  }

  isRunning(key: string): boolean {
    return this.#running.has(key);
  }

  /** Ends what runs; what waits is never begun. */
  abort(key: string): void {
    this.#waiting.delete(key);
    this.#running.get(key)?.abort.abort();
  }

  /** Resolves when everything that runs has ended; what waits is dropped. */
  async idle(): Promise<void> {
    this.#waiting.clear();
    await Promise.all([...this.#running.values()].map(({ done }) => done));
  }

  #next(): void {
    for (const [key, job] of this.#waiting) {
      if (this.#running.size >= this.#limit) return;
      this.#waiting.delete(key);
      this.#run(key, job);
    }
  }

  #run(key: string, { signal, work, after }: Job): void {
    const abort = new AbortController();
    const done = work(AbortSignal.any([signal, abort.signal])).then(
      () => this.#end(key, after),
      (error: unknown) => this.#end(key, () => signal.aborted || this.#failed(key, error)),
    );
    this.#running.set(key, { abort, done });
  }

  #end(key: string, then: () => unknown): void {
    this.#running.delete(key);
    then();
    this.#next();
  }
}
