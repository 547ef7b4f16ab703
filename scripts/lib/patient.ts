import Mocha from 'mocha';
import { timeFactor } from '../../sdk/src/testing/time.ts';

/** Every limit that a test or hook is given is as many times as long. Mocha itself knows one for those that ask for none. */
const set = Mocha.Runnable.prototype.timeout as (this: Mocha.Runnable, limit?: string | number) => unknown;

function timeout(this: Mocha.Runnable, limit?: string | number): unknown {
  return limit === undefined ? set.call(this) : set.call(this, Number(limit) * timeFactor);
}

if (timeFactor !== 1) Mocha.Runnable.prototype.timeout = timeout as typeof Mocha.Runnable.prototype.timeout;
