import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';

/** Calls that are taken. */
export interface CallRates {
  /** Of one address for one task, in a minute: a task calls a few times in its beginning, then twice a minute. */
  readonly perTask: number;
  /** Of one address, for what nobody waits for or without the right secret, in a quarter of an hour. */
  readonly strangers: number;
}

const defaults: CallRates = { perTask: 60, strangers: 120 };

/**
 * Slows down who calls too often. Counted in this process: what is guarded is its time, the secrets can't be guessed. An address
 * may be a gateway of a whole cluster: strangers there get no answers any more, and tasks that call rightly go on.
 */
export class CallLimit {
  readonly #perTask: RateLimiterMemory;
  readonly #strangers: RateLimiterMemory;

  constructor({ perTask, strangers }: CallRates = defaults) {
    this.#perTask = new RateLimiterMemory({ points: perTask, duration: 60 });
    this.#strangers = new RateLimiterMemory({ points: strangers, duration: 15 * 60 });
  }

  /** Counts a call. @returns seconds to wait, when there were too many */
  called(address: string, id: string): Promise<number | undefined> {
    return count(this.#perTask, `${address} ${id}`);
  }

  /** Counts a call that was refused. @returns seconds to wait, when there were too many */
  refused(address: string): Promise<number | undefined> {
    return count(this.#strangers, address);
  }
}

async function count(limiter: RateLimiterMemory, key: string): Promise<number | undefined> {
  try {
    await limiter.consume(key);
    return undefined;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return Math.ceil(refusal.msBeforeNext / 1000);
    throw refusal;
  }
}
