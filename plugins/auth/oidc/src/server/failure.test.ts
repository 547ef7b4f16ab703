import assert from 'node:assert/strict';
import { failureOf } from './failure.ts';

const withCode = (code: string, more: object = {}) => Object.assign(new Error('canary'), { code, ...more });

describe('what is said of a failure', () => {
  it('is codes and names, never a value', () => {
    const cause = { claims: { sub: 'canary' }, claim: 'nonce', body: 'canary' };
    assert.deepEqual(failureOf(withCode('OAUTH_JWT', { cause })), { why: 'OAUTH_JWT, nonce', isAway: false });
    const said = { error: 'invalid_grant', error_description: 'canary', status: 400 };
    assert.deepEqual(failureOf(withCode('OAUTH_BODY', said)), { why: 'OAUTH_BODY, invalid_grant, 400', isAway: false });
    for (const error of ['<b>', 'a b', 'a\nb', 'x'.repeat(60), 'canary-1', 7n, {}]) {
      assert.equal(failureOf(withCode('CODE', { error })).why, 'CODE', typeof error);
    }
    for (const error of [undefined, null, 'canary', new Error('canary')]) assert.equal(failureOf(error).why, 'unknown');
  });

  it('tells who is away from who is wrong', () => {
    const refused = new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') });
    assert.deepEqual(failureOf(refused), { why: 'ECONNREFUSED', isAway: true });
    assert.equal(failureOf(withCode('OAUTH_TIMEOUT')).isAway, true);
    assert.equal(failureOf(withCode('OAUTH_NOT_CONFORM', { cause: { status: 502 } })).isAway, true);
    assert.equal(failureOf(withCode('OAUTH_NOT_CONFORM', { cause: { status: 404 } })).isAway, false);
    assert.equal(failureOf(new TypeError('a bug of ours')).isAway, false);
  });
});
