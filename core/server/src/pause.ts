import { setTimeout as sleep } from 'node:timers/promises';

/**
 * A pause that `signal` cuts short.
 * @returns whether `signal` was not aborted meanwhile
 */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  await Promise.allSettled([sleep(milliseconds, undefined, { signal })]);
  return !signal.aborted;
}
