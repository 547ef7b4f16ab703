import type { Dialer } from '@stele/sdk';

const most = 500;

/** One dialer for each way: who asks again gets the same one, and may keep the connections that were made through it. */
export class Dialers {
  readonly #known = new Map<string, Dialer>();

  get(name: string, make: () => Dialer): Dialer {
    const dialer = this.#known.get(name) ?? make();
    this.#known.delete(name);
    this.#known.set(name, dialer);
    const [oldest] = this.#known.keys();
    if (this.#known.size > most && oldest !== undefined) this.#known.delete(oldest);
    return dialer;
  }
}
