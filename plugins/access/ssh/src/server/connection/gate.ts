import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, SteleError, unlessAborted } from '@stele/sdk';
import { check } from '../errors.ts';

const firstPause = 250;
const longestPause = 30_000;
/** Whoever has to wait longer than that is told at once what is wrong. */
const patience = 1_000;

/**
 * Lets one attempt to connect to a host through at a time, so that many users don't run into its `MaxStartups`, and none while it
 * doesn't answer: the pause after a failure doubles up to half a minute. A refused log-in is no such failure.
 */
export class Gate {
  #queue: Promise<unknown> = Promise.resolve();
  #waiting = 0;
  #failures = 0;
  #until = 0;
  #last: SteleError | undefined;

  run<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    this.#waiting += 1;
    const turn = Promise.allSettled([this.#queue])
      .then(() => this.#pass(attempt, signal))
      .finally(() => (this.#waiting -= 1));
    this.#queue = turn;
    return unlessAborted(turn, signal);
  }

  /** Whether nobody waits, and what it remembers is too old to matter. */
  get isForgettable(): boolean {
    return this.#waiting === 0 && (this.#failures === 0 || performance.now() - this.#until > longestPause);
  }

  async #pass<T>(attempt: () => Promise<T>, signal: AbortSignal): Promise<T> {
    check(signal);
    const pause = this.#until - performance.now();
    if (pause > patience && this.#last !== undefined) throw again(this.#last, pause);
    if (pause > 0) await sleep(pause, undefined, { signal });
    try {
      const result = await attempt();
      this.#failures = 0;
      return result;
    } catch (error) {
      if (!signal.aborted && hasCode(error, 'UNREACHABLE')) this.#fail(error);
      throw error;
    }
  }

  #fail(error: SteleError): void {
    this.#until = performance.now() + Math.min(longestPause, firstPause * 2 ** this.#failures);
    this.#failures += 1;
    this.#last = error;
  }
}

function again(error: SteleError, pause: number): SteleError {
  const message = `${error.message} The next attempt is in ${Math.ceil(pause / 1000)} s.`;
  return new SteleError('UNREACHABLE', message, { cause: error });
}
