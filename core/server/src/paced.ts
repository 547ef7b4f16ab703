/** Passes on what is said: at once, then the newest at most once in each period. One piece of work follows another. */
export class Paced<T> {
  readonly #period: number;
  readonly #work: (value: T) => Promise<void>;
  #newest: { readonly value: T } | undefined;
  #timer: NodeJS.Timeout | undefined;
  #last = 0;
  #working = Promise.resolve();

  /** @param work never rejects */
  constructor(period: number, work: (value: T) => Promise<void>) {
    this.#period = period;
    this.#work = work;
  }

  say(value: T): void {
    this.#newest = { value };
    this.#timer ??= setTimeout(() => this.#pass(), Math.max(0, this.#last + this.#period - Date.now()));
  }

  /** Drops what waits; resolves when nothing is worked on any more. */
  end(): Promise<void> {
    clearTimeout(this.#timer);
    return this.#working;
  }

  #pass(): void {
    const newest = this.#newest;
    this.#timer = undefined;
    this.#newest = undefined;
    this.#last = Date.now();
    if (newest) this.#working = this.#working.then(() => this.#work(newest.value));
  }
}
