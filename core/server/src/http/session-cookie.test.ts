import assert from 'node:assert/strict';
import type { Context } from 'koa';
import { readBrowserCookie } from './session-cookie.ts';

describe('the secret of a browser', () => {
  const ours = 'A'.repeat(42) + '_';
  for (const [what, value, expected] of [
    ['one of ours', ours, ours],
    ['no cookie', undefined, undefined],
    ['an empty one, as if there were none', '', undefined],
    ['one that somebody chose', 'mine', undefined],
    ['a longer one', `${ours}x`, undefined],
  ] as const) {
    it(`is read from ${what}`, () => {
      assert.equal(readBrowserCookie({ cookies: { get: () => value } } as unknown as Context), expected);
    });
  }
});
