import type { Context } from 'mocha';

/** Skips what can't be run on this machine, and says why. For `before` hooks. */
export function skip(context: Context, why: string): void {
  console.log(`      skipped: ${why}`);
  context.skip();
}
