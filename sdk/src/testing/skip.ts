/**
 * Skips what can't be run on this machine, and says why: nobody can tell a test that is always skipped from one that passes.
 * @param context of a hook or a test of mocha
 * @param why without a full stop
 */
export function skip(context: { skip(): unknown }, why: string): void {
  console.log(`      skipped: ${why}`);
  context.skip();
}
