import { SteleError } from '@stele/sdk';

/**
 * ms after the first refusal, the second, and so on. Guards such as fail2ban shut an address out that was refused five times in ten
 * minutes, and all users of the platform come from one: with these pauses it is three times.
 */
const pauses = [1_000, 30_000, 600_000] as const;
/** ms for which a guard remembers. */
const memory = 600_000;
/**
 * Refusals in that time beyond which nothing more goes through, no trial, no other key and no other account, but to accounts that let
 * somebody in when they were last asked. Names that a host doesn't know are what guards count first, and somebody may be
 * guessing them: there are fewer for accounts that never let anybody in.
 */
const most = { known: 8, unknown: 4 } as const;

/** What a host is asked for. */
export interface Wanted {
  readonly account: string;
  /** Tells apart what is offered: keys and certificates. What has changed is tried without a pause. */
  readonly proof: string;
  /** Whether somebody waits to see whether what they have changed helps: there is no pause for them, either. */
  readonly isTrial: boolean;
}

interface Refusal {
  readonly count: number;
  readonly until: number;
  readonly error: SteleError;
}

/** Log-ins of one owner of keys that one host has refused. */
export class Refusals {
  readonly #host: string;
  readonly #now: () => number;
  readonly #known = new Map<string, Refusal>();
  /** Accounts that have let somebody in, and whether the last log-in was one. */
  readonly #isWelcome = new Map<string, boolean>();
  #times: readonly number[] = [];

  constructor(host: string, now: () => number = () => performance.now()) {
    this.#host = host;
    this.#now = now;
  }

  /**
   * ms that it is too early for a log-in, if they are few.
   * @param patience as many are few
   * @throws DENIED, as the host did, while they are many; LIMIT for what wasn't refused itself, where too much was
   */
  pause(wanted: Wanted, patience: number): number {
    const now = this.#now();
    const known = this.#known.get(idOf(wanted));
    const until = Math.max(wanted.isTrial ? now : (known?.until ?? now), this.#untilFewer(wanted));
    if (until - now > patience) throw again(known?.error ?? this.#tooMany(), until - now);
    return until - now;
  }

  /** The host has refused a log-in. */
  refused(wanted: Wanted, error: SteleError): void {
    const now = this.#now();
    const id = idOf(wanted);
    const before = this.#known.get(id);
    const count = before !== undefined && now - before.until < memory ? before.count + 1 : 1;
    const pause = pauses[Math.min(count, pauses.length) - 1] ?? 0;
    this.#known.set(id, { count, until: now + pause, error });
    if (this.#isWelcome.has(wanted.account)) this.#isWelcome.set(wanted.account, false);
    this.#times = [...this.#recent(), now];
  }

  /** The host has let somebody in. */
  taken({ account }: Wanted): void {
    for (const id of this.#known.keys()) if (id.startsWith(`${account}\n`)) this.#known.delete(id);
    this.#isWelcome.set(account, true);
  }

  /** Whether what it remembers is too old to matter. */
  get isForgettable(): boolean {
    const now = this.#now();
    return this.#recent().length === 0 && [...this.#known.values()].every(({ until }) => now - until > memory);
  }

  #untilFewer({ account, isTrial }: Wanted): number {
    const isWelcome = this.#isWelcome.get(account);
    if (isWelcome && !isTrial) return 0;
    const oldest = this.#recent().at(isWelcome === undefined ? -most.unknown : -most.known);
    return oldest === undefined ? 0 : oldest + memory;
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

/** No name of an account has a line break. */
function idOf({ account, proof }: Wanted): string {
  return `${account}\n${proof}`;
}

function again(error: SteleError, pause: number): SteleError {
  const seconds = Math.ceil(pause / 1000);
  const time = seconds > 90 ? `${Math.ceil(seconds / 60)} minutes` : `${seconds} s`;
  return new SteleError(error.code, `${error.message} The next attempt is in ${time}.`, { cause: error });
}
