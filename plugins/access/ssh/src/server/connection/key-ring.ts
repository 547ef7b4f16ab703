import type { LoginKey } from '@stele/sdk';

/** What to log in with: the key that is to stay, then the one that is being replaced. */
export type Keys = readonly [LoginKey, ...LoginKey[]];

/** ms for which a host is offered last what it has refused: each refusal counts for its `MaxAuthTries`, and for guards such as fail2ban. */
const memory = 60_000;

/** The keys of an account on a host, in the order in which they are offered to it. */
export class KeyRing {
  readonly #keys: readonly string[];
  readonly #now: () => number;
  readonly #refusedAt = new Map<string, number>();
  #left: string[] = [];
  #offered: string | undefined;

  constructor(keys: Keys, now: () => number = () => performance.now()) {
    this.#keys = keys.map(({ privateKey }) => privateKey);
    this.#now = now;
  }

  /** A new log-in begins: all keys are offered again, first those that weren't refused lately. */
  begin(): void {
    this.#left = this.#keys.toSorted((one, other) => this.#rank(one) - this.#rank(other));
    this.#offered = undefined;
  }

  /** The next private key; what was offered before it has been refused. */
  next(): string | undefined {
    this.refused();
    this.#offered = this.#left.shift();
    return this.#offered;
  }

  /** The host did not take what was offered last. */
  refused(): void {
    if (this.#offered !== undefined) this.#refusedAt.set(this.#offered, this.#now());
  }

  /** The host took what was offered last. */
  taken(): void {
    if (this.#offered !== undefined) this.#refusedAt.delete(this.#offered);
  }

  /** Whether the host ended a log-in before it had seen all keys: with `MaxAuthTries 1`, it does so after the first. */
  get isCutShort(): boolean {
    return this.#offered !== undefined && this.#left.length > 0;
  }

  /** Whether the host was offered another key last than the one that is to stay. */
  get isBehind(): boolean {
    return this.#offered !== this.#keys[0];
  }

  #rank(key: string): number {
    return this.#now() - (this.#refusedAt.get(key) ?? -Infinity) < memory ? 1 : 0;
  }
}
