import Mocha from 'mocha';
import { timeFactor } from '../../sdk/src/testing/time.ts';

const set = Mocha.Runnable.prototype.timeout as (this: Mocha.Runnable, limit?: string | number) => unknown;

/** Mocha’s own, for a limit that is {@link timeFactor} times as long: every test and hook gets its limit by this. */
function timeout(this: Mocha.Runnable, limit?: string | number): unknown {
  return limit === undefined ? set.call(this) : set.call(this, Number(limit) * timeFactor);
}

if (timeFactor !== 1) Mocha.Runnable.prototype.timeout = timeout as typeof Mocha.Runnable.prototype.timeout;
