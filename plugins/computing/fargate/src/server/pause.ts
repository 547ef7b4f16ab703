import { setTimeout as sleep } from 'node:timers/promises';
import { SteleError } from '@stele/sdk';
import { givenUp } from './aws/failures.ts';

/** Waits. UNREACHABLE when the caller leaves meanwhile. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal });
  } catch (cause) {
    throw new SteleError('UNREACHABLE', givenUp().message, { cause });
  }
}
