import type { Logger } from '@stele/sdk';

/** Who listens. One that fails is logged, and the others still hear. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  add(listener: (value: T) => void): Disposable {
    this.#all.add(listener);
    return { [Symbol.dispose]: () => void this.#all.delete(listener) };
  }

  tell(value: T): void {
    for (const listener of [...this.#all]) {
      try {
        listener(value);
      } catch (error) {
        this.#log.error('a listener to other replicas failed', { error });
      }
    }
  }
}
