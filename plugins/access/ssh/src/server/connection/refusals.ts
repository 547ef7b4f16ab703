import { SteleError } from '@stele/sdk';

/**
 * ms after the first refusal, the second, and so on. Guards such as fail2ban shut an address out that was refused five times in ten
 * minutes, and all users of the platform come from one: with these pauses it is three times.
 */
const pauses = [5_000, 60_000, 600_000] as const;
/** ms for which a guard remembers. */
const memory = 600_000;
/**
 * Refusals in that time beyond which nobody's trial goes through, whatever the pause, and no account that hasn't let anybody in:
 * somebody may be guessing names.
 */
const most = 4;

interface Refusal {
  readonly count: number;
  readonly until: number;
  readonly error: SteleError;
}

/** Log-ins of one owner of keys that one host has refused. */
export class Refusals {
  readonly #host: string;
  readonly #now: () => number;
  readonly #byAccount = new Map<string, Refusal>();
  readonly #welcome = new Set<string>();
  #times: readonly number[] = [];

  constructor(host: string, now: () => number = () => performance.now()) {
    this.#host = host;
    this.#now = now;
  }

  /**
   * @param isTrial whether somebody waits to see whether what they have changed helps
   * @throws DENIED, as the host did, while it is too early to ask again; LIMIT for one more account when too many were refused
   */
  demand(account: string, isTrial: boolean): void {
    const now = this.#now();
    const known = this.#byAccount.get(account);
    const oldest = this.#recent().at(-most);
    const budget = oldest === undefined || (!isTrial && this.#welcome.has(account)) ? now : oldest + memory;
    const until = Math.max(budget, isTrial ? now : (known?.until ?? now));
    if (until > now) throw again(known?.error ?? this.#tooMany(), until - now);
  }

  /** The host has refused a log-in. */
  refused(account: string, error: SteleError): void {
    const now = this.#now();
    const before = this.#byAccount.get(account);
    const count = before !== undefined && now - before.until < memory ? before.count + 1 : 1;
    const pause = pauses[Math.min(count, pauses.length) - 1] ?? 0;
    this.#byAccount.set(account, { count, until: now + pause, error });
    this.#times = [...this.#recent(), now];
  }

  /** The host has let somebody in. */
  taken(account: string): void {
    this.#byAccount.delete(account);
    this.#welcome.add(account);
  }

  /** Whether what it remembers is too old to matter. */
  get isForgettable(): boolean {
    const now = this.#now();
    return this.#recent().length === 0 && [...this.#byAccount.values()].every(({ until }) => now - until > memory);
  }

  #tooMany(): SteleError {
    return new SteleError(
      'LIMIT',
      `${this.#host} has refused too many log-ins lately, and may shut this platform out.`,
    );
  }

  #recent(): readonly number[] {
    const since = this.#now() - memory;
    return this.#times.filter((time) => time > since);
  }
}

function again(error: SteleError, pause: number): SteleError {
  const seconds = Math.ceil(pause / 1000);
  const time = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} s`;
  return new SteleError(error.code, `${error.message} The next attempt is in ${time}.`, { cause: error });
}
