import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { RateLimiterMemory, type RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { tooManyAttempts } from './errors.ts';

/** How many attempts are taken within a quarter of an hour. */
export interface LoginLimits {
  readonly perAddress: number;
  readonly perAccount: number;
  /** Log-ins that are begun at providers; a whole institute may have one address. */
  readonly begunPerAddress?: number;
}

const defaults: LoginLimits = { perAddress: 60, perAccount: 20 };
const window = 15 * 60;

type Counter = RateLimiterMemory | RateLimiterPostgres;

/** Makes one count of attempts. */
export type MakeCounter = (options: { keyPrefix: string; points: number; duration: number }) => Counter;

const inMemory: MakeCounter = (options) => new RateLimiterMemory(options);

/** Slows down who guesses. Attempts are counted before they are made: many at once count as many. */
export class LoginLimit {
  readonly #byAddress: Counter;
  readonly #byAccount: Counter;
  readonly #begun: Counter;

  /** @param makeCounter where it is counted: in this process's memory, unless others let people in as well */
  constructor(limits: LoginLimits = defaults, makeCounter: MakeCounter = inMemory) {
    const { perAddress, perAccount, begunPerAddress = 600 } = limits;
    this.#byAddress = makeCounter({ keyPrefix: 'address', points: perAddress, duration: window });
    this.#byAccount = makeCounter({ keyPrefix: 'account', points: perAccount, duration: window });
    this.#begun = makeCounter({ keyPrefix: 'begun', points: begunPerAddress, duration: window });
  }

  /** Counts a log-in that is begun, and proves nothing yet. LIMIT when there were too many. */
  async begun(address: string): Promise<void> {
    await consume(this.#begun, network(address));
  }

  /** Counts an attempt. LIMIT when there were too many. */
  async attempt(address: string, account?: string): Promise<void> {
    await consume(this.#byAddress, network(address));
    if (account !== undefined) await consume(this.#byAccount, digest(account));
  }

  /** Takes a success out of the count. */
  async succeeded(address: string, account?: string): Promise<void> {
    await this.#byAddress.reward(network(address));
    if (account !== undefined) await this.#byAccount.delete(digest(account));
  }
}

async function consume(limiter: Counter, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    throw refusal instanceof RateLimiterRes ? tooManyAttempts(refusal.msBeforeNext) : refusal;
  }
}

/** Whoever has one IPv6 address has 2⁶⁴ of them: the network counts. */
function network(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped) return mapped[1]!;
  return isIPv6(address) ? expand(address).slice(0, 4).join(':') : address;
}

function expand(address: string): string[] {
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::');
  const parts = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [left, right] = [parts(head), parts(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...right];
}

/** Of one length, whatever somebody sends as the name of an account. */
function digest(account: string): string {
  return createHash('sha256').update(account.toLowerCase()).digest('base64url');
}
