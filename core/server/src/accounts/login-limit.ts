import { createHash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { RateLimiterMemory, type RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { plainAddress } from '../network/index.ts';
import { tooManyAttempts } from './errors.ts';

/** How many attempts are taken within a quarter of an hour. */
export interface LoginLimits {
  readonly perAddress: number;
  /** From wherever: of a secret that many guess at. */
  readonly perAccount: number;
  /** From one network, or IPv6 site: less, or one stranger could keep an account's owner out. */
  readonly perAccountFromOne?: number;
  /** Log-ins that are begun at providers; a whole institute may have one address. */
  readonly begunPerAddress?: number;
}

const defaults: LoginLimits = { perAddress: 60, perAccount: 200, perAccountFromOne: 20 };
const window = 15 * 60;
/** How many networks of a site may try as often as one. */
const networksOfSite = 5;

type Counter = RateLimiterMemory | RateLimiterPostgres;

/** Makes one count of attempts. */
export type MakeCounter = (options: { keyPrefix: string; points: number; duration: number }) => Counter;

const inMemory: MakeCounter = (options) => new RateLimiterMemory(options);

/** Slows down who guesses. Attempts are counted before they are made: many at once count as many. */
export class LoginLimit {
  readonly #byAddress: ByAddress;
  readonly #byAccount: Counter;
  readonly #byAccountFromOne: Counter;
  readonly #begun: ByAddress;

  /** @param makeCounter where it is counted: in this process's memory, unless others let people in as well */
  constructor(limits: LoginLimits = defaults, makeCounter: MakeCounter = inMemory) {
    const { perAddress, perAccount, perAccountFromOne = perAccount, begunPerAddress = 600 } = limits;
    this.#byAddress = new ByAddress(makeCounter, 'address', perAddress);
    this.#byAccount = makeCounter({ keyPrefix: 'account', points: perAccount, duration: window });
    this.#byAccountFromOne = makeCounter({ keyPrefix: 'account-from', points: perAccountFromOne, duration: window });
    this.#begun = new ByAddress(makeCounter, 'begun', begunPerAddress);
  }

  /** Counts a log-in that is begun, and proves nothing yet. LIMIT when there were too many. */
  async begun(address: string): Promise<void> {
    await this.#begun.count(address);
  }

  /** Counts an attempt. LIMIT when there were too many. */
  async attempt(address: string, account?: string): Promise<void> {
    await this.#byAddress.count(address);
    if (account === undefined) return;
    // The narrower first: what is refused there is no attempt any more.
    await consume(this.#byAccountFromOne, digest(account, address));
    await consume(this.#byAccount, digest(account));
  }

  /** Takes a success out of the count. */
  async succeeded(address: string, account?: string): Promise<void> {
    await this.#byAddress.forgive(address);
    if (account === undefined) return;
    await this.#byAccountFromOne.delete(digest(account, address));
    await this.#byAccount.delete(digest(account));
  }
}

async function consume(limiter: Counter, key: string): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (refusal) {
    throw refusal instanceof RateLimiterRes ? tooManyAttempts(refusal.msBeforeNext) : refusal;
  }
}

/**
 * Counts by address, or what stands for it. Whoever has one address of IPv6 has a network of 2⁶⁴ of them, and many, a household
 * as well as a rented machine, a site of 2⁸ to 2¹⁶ such networks: those count one by one, and all together.
 */
class ByAddress {
  readonly #networks: Counter;
  readonly #sites: Counter;

  constructor(makeCounter: MakeCounter, keyPrefix: string, points: number) {
    this.#networks = makeCounter({ keyPrefix, points, duration: window });
    this.#sites = makeCounter({ keyPrefix: `${keyPrefix}-site`, points: points * networksOfSite, duration: window });
  }

  async count(address: string): Promise<void> {
    const { network, site } = placeOf(address);
    await consume(this.#networks, network);
    if (site !== undefined) await consume(this.#sites, site);
  }

  async forgive(address: string): Promise<void> {
    const { network, site } = placeOf(address);
    await this.#networks.reward(network);
    if (site !== undefined) await this.#sites.reward(site);
  }
}

/** The network that an address counts as, and of IPv6 its site: 64 and 48 bits. */
function placeOf(address: string): { readonly network: string; readonly site?: string } {
  const plain = plainAddress(address);
  if (!isIPv6(plain)) return { network: plain };
  const groups = expand(plain);
  return { network: groups.slice(0, 4).join(':'), site: groups.slice(0, 3).join(':') };
}

function expand(address: string): string[] {
  const [head = '', tail] = address.split('%')[0]!.toLowerCase().split('::');
  const parts = (text: string): string[] => (text === '' ? [] : text.split(':'));
  const [left, right] = [parts(head), parts(tail ?? '')];
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...right];
}

/** Of one length, whatever somebody sends as the name of an account. */
function digest(account: string, address?: string): string {
  const { network = '', site = network } = address === undefined ? {} : placeOf(address);
  return createHash('sha256').update(`${site} ${account.toLowerCase()}`).digest('base64url');
}
