import { aborted, check } from '../errors.ts';

/** Lets so many work at a time; the others wait, first come, first served. */
export class Places {
  readonly #waiting = new Set<() => void>();
  #free: number;

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** @throws UNREACHABLE when `signal` aborts before one's turn comes */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    await this.#turn(signal);
    try {
      return await work();
    } finally {
      this.#pass();
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    check(signal);
    if (this.#free > 0) this.#free -= 1;
    else await this.#wait(signal);
  }

  /** To the next, so that nobody who comes just now gets in between. */
  #pass(): void {
    const [next] = this.#waiting;
    if (next === undefined) this.#free += 1;
    else next();
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        signal.removeEventListener('abort', onAbort);
        this.#waiting.delete(onTurn);
      };
      const onTurn = () => {
        leave();
        resolve();
      };
      const onAbort = () => {
        leave();
        reject(aborted(signal));
      };
      this.#waiting.add(onTurn);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }
}
