interface Job {
  readonly owner: string;
  readonly signal: AbortSignal;
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly after: () => void;
}

interface Running {
  readonly owner: string;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

/** How much goes on at a time. */
export interface Places {
  readonly all: number;
  /** For one owner: whose work never ends holds up nobody else. Default: all. */
  readonly each?: number;
}

/** Work that goes on beside the rounds: at most one piece for each key, a bounded number at a time, the others in line. */
export class Jobs {
  readonly #running = new Map<string, Running>();
  readonly #waiting = new Map<string, Job>();
  readonly #places: Required<Places>;
  readonly #failed: (key: string, error: unknown) => void;

  constructor({ all, each = all }: Places, failed: (key: string, error: unknown) => void) {
    this.#places = { all, each };
    this.#failed = failed;
  }

  /** Does the work as soon as there is room, unless it is under way. `after` is called when it has gone well. */
  start(key: string, signal: AbortSignal, work: Job['work'], after: () => void, owner = ''): void {
    if (this.#running.has(key)) return;
    this.#waiting.set(key, { owner, signal, work, after });
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
      if (this.#running.size >= this.#places.all) return;
      if (this.#runningOf(job.owner) >= this.#places.each) continue;
      this.#waiting.delete(key);
      this.#run(key, job);
    }
  }

  #runningOf(owner: string): number {
    return [...this.#running.values()].filter((one) => one.owner === owner).length;
  }

  #run(key: string, { owner, signal, work, after }: Job): void {
    const abort = new AbortController();
    const done = work(AbortSignal.any([signal, abort.signal])).then(
      () => this.#end(key, after),
      (error: unknown) => this.#end(key, () => signal.aborted || this.#failed(key, error)),
    );
    this.#running.set(key, { owner, abort, done });
  }

  #end(key: string, then: () => unknown): void {
    this.#running.delete(key);
    then();
    this.#next();
  }
}
