interface Kept<T> {
  readonly thing: T;
  leases: number;
  timer?: NodeJS.Timeout;
}

/** Something that is in use until it is given back. */
export interface Lease<T> extends Disposable {
  readonly thing: T;
}

/**
 * Things that are made once for all who ask for the same, such as connections: shared while somebody uses them, and kept for a while
 * after, since the next one soon asks. Dispose of it, and all of them end.
 */
export class Leases<T> implements Disposable {
  readonly #end: (thing: T) => void;
  readonly #idle: number;
  readonly #kept = new Map<string, Kept<T>>();

  /**
   * @param end lets go of a thing
   * @param idle milliseconds for which one is kept that nobody uses; default 30,000
   */
  constructor(end: (thing: T) => void, idle = 30_000) {
    this.#end = end;
    this.#idle = idle;
  }

  /** How many are out. */
  get count(): number {
    return [...this.#kept.values()].reduce((sum, { leases }) => sum + leases, 0);
  }

  /**
   * @param name of what is asked for; no secret, since it is kept
   * @param make makes it when there is none
   */
  take(name: string, make: () => T): Lease<T> {
    const kept = this.#kept.get(name) ?? { thing: make(), leases: 0 };
    this.#kept.set(name, kept);
    clearTimeout(kept.timer);
    kept.leases += 1;
    let isOut = true;
    const give = (): void => {
      if (isOut) this.#give(name, kept);
      isOut = false;
    };
    return { thing: kept.thing, [Symbol.dispose]: give };
  }

  #give(name: string, kept: Kept<T>): void {
    kept.leases -= 1;
    if (kept.leases > 0) return;
    kept.timer = setTimeout(() => this.#drop(name, kept), this.#idle).unref();
  }

  #drop(name: string, kept: Kept<T>): void {
    if (this.#kept.get(name) === kept) this.#kept.delete(name);
    clearTimeout(kept.timer);
    this.#end(kept.thing);
  }

  [Symbol.dispose](): void {
    for (const [name, kept] of this.#kept) this.#drop(name, kept);
  }
}
