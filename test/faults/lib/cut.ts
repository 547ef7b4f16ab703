import assert from 'node:assert/strict';

/** Work that a kill may cut short: only the platform's silence is forgiven. */
export function cut(work: Promise<unknown>): void {
  work.catch((error: unknown) => assert.match(String(error), /fetch failed|terminated/));
}
