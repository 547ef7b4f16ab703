import assert from 'node:assert/strict';
import { hintFor, type Hint } from './hint.ts';

describe('the hint to who is new here', () => {
  const fresh = { hasPassword: false, keepsPassword: true, timezone: 'UTC' };
  const none: readonly Hint[] = [];
  const table = [
    ['a password first', fresh, 'Europe/Rome', none, 'password'],
    ['then the time zone', { ...fresh, hasPassword: true }, 'Europe/Rome', none, 'timezone'],
    ['the next when one is not wanted', fresh, 'Europe/Rome', ['password'], 'timezone'],
    ['nothing when none is wanted', fresh, 'Europe/Rome', ['password', 'timezone'], undefined],
    ['no password to who can’t set one here', { ...fresh, keepsPassword: false }, 'UTC', none, undefined],
    ['no zone to who has chosen one', { ...fresh, hasPassword: true, timezone: 'Asia/Tokyo' }, 'UTC', none, undefined],
  ] as const;
  for (const [name, user, browserZone, dismissed, expected] of table) {
    it(`is ${name}`, () => {
      assert.equal(hintFor({ user, browserZone, dismissed: new Set(dismissed) }), expected);
    });
  }
});
