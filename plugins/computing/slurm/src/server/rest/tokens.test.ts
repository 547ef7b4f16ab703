import assert from 'node:assert/strict';
import { createHmac, randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { hasCode, isSteleError } from '@stele/sdk';
import { signToken, tokensOf } from './tokens.ts';

const key = randomBytes(32);
const now = 1_800_000_000;
const claims = (token: string): unknown => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());

describe('tokens for slurmrestd', () => {
  it('are signed for an account, and live ten minutes', () => {
    const tokens = tokensOf({ restKey: key.toString('base64') }, () => now);
    const token = tokens.of('bob');
    assert.deepEqual(claims(token), { exp: now + 600, iat: now, sun: 'bob' });
    const [head, body, signature] = token.split('.');
    assert.equal(createHmac('sha256', key).update(`${head}.${body}`).digest('base64url'), signature);
    assert.equal(tokens.endsAt, undefined);
  });

  it('are new for each request: none ends while a task runs', () => {
    let clock = now;
    const tokens = tokensOf({ restKey: key.toString('base64') }, () => clock);
    const first = tokens.of('bob');
    clock += 5_000;
    assert.notEqual(tokens.of('bob'), first);
    assert.deepEqual(claims(tokens.of('bob')), { exp: clock + 600, iat: clock, sun: 'bob' });
  });

  it('that were given are shown until they end, and never in an error', () => {
    let clock = now;
    const token = signToken(key, 'slurm', now, 60);
    const tokens = tokensOf({ restToken: ` ${token}\n` }, () => clock);
    assert.equal(tokens.of('bob'), token);
    assert.equal(tokens.endsAt, new Date((now + 60) * 1000).toISOString());
    clock += 60;
    assert.throws(
      () => tokens.of('bob'),
      (error) =>
        hasCode(error, 'DENIED') && /ended at/.test(error.message) && !inspect(error).includes(token.slice(0, 40)),
    );
  });

  const wrong: readonly (readonly [string, object])[] = [
    ['nothing', {}],
    ['empty texts', { restKey: '', restToken: '' }],
    ['a short key', { restKey: 'c2hvcnQ=' }],
    ['a key that is no base64', { restKey: `${key.toString('base64')}!` }],
    ['a path', { restToken: '/var/secret-word' }],
    ['no claims', { restToken: `a.${Buffer.from('secret-word').toString('base64url')}.c` }],
    ['a token in a shell’s words', { restToken: 'SLURM_JWT=secret-word.b.c' }],
  ];
  for (const [what, conf] of wrong) {
    it(`are not made of ${what}, which isn’t repeated`, () => {
      assert.throws(
        () => tokensOf(conf),
        (error) => isSteleError(error) && error.code === 'INVALID' && !inspect(error).includes('secret-word'),
      );
    });
  }
});
