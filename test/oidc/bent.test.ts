import assert from 'node:assert/strict';
import type { ErrorCode, ExternalIdentity, JsonObject, Logger } from '@stele/sdk';
import { rejectsWith, silentLog, testAuthCall } from '@stele/sdk/testing';
import { OpenIdProvider } from '../../plugins/auth/oidc/src/server/openid-provider.ts';
import type { ProviderSettings } from '../../plugins/auth/oidc/src/settings.ts';
import { type Bend, BentProvider } from './lib/bent-provider.ts';
import { settingsFor } from './lib/settings.ts';

const now = (): number => Math.floor(Date.now() / 1000);

describe('an OpenID provider that answers wrongly', function () {
  this.timeout(20_000);
  let bent: BentProvider;
  const lines: string[] = [];
  const note = (message: string, fields?: object): number => lines.push(`${message} ${JSON.stringify(fields)}`);
  const log: Logger = { ...silentLog, info: note, warn: note, error: note };

  before(async () => {
    bent = await BentProvider.start();
    process.env['STELE_TEST_BENT_SECRET'] = 'the client secret';
  });
  after(async () => {
    delete process.env['STELE_TEST_BENT_SECRET'];
    await bent?.[Symbol.asyncDispose]();
  });
  beforeEach(() => void (bent.bend = {}));

  const logIn = async (
    bend: Bend,
    more: Partial<ProviderSettings> = {},
    change: JsonObject = {},
  ): Promise<ExternalIdentity> => {
    bent.bend = bend;
    const secret = { clientSecretVariable: 'STELE_TEST_BENT_SECRET' };
    const provider = new OpenIdProvider(settingsFor(bent.issuer, { ...secret, ...more }), log);
    const call = testAuthCall({ log });
    const begun = await provider.begin(call);
    assert(begun.kind === 'redirect');
    return provider.complete({ ...bent.follow(begun.url), ...change }, begun.state, call);
  };

  it('is believed when it answers rightly', async () => {
    const { issuer, subject, email, emailVerified } = await logIn({});
    assert.deepEqual([issuer, subject, email, emailVerified], [bent.issuer, 'ada', 'ada@example.org', true]);
  });

  const refused: readonly [string, Bend, JsonObject?][] = [
    ['a token that nobody signed', { header: { alg: 'none', kid: undefined }, signedBy: 'nobody' }],
    ['a token that says RS256 and nobody signed', { signedBy: 'nobody' }],
    ['a token that a stranger signed', { signedBy: 'stranger' }],
    ['a token of a key that it does not have', { header: { kid: 'other' }, signedBy: 'stranger' }],
    ['a token that anybody with the client secret could sign', { header: { alg: 'HS256' }, signedBy: 'secret' }],
    ['a token for another audience', { claims: { aud: 'another-client' } }],
    ['a token for several audiences, granted to another', { claims: { aud: ['stele', 'x'], azp: 'x' } }],
    ['a token of another issuer', { claims: { iss: 'https://evil.example' } }],
    ['a token of another log-in', { claims: { nonce: 'another' } }],
    ['a token without a nonce', { claims: { nonce: undefined } }],
    ['a token without a subject', { claims: { sub: undefined } }],
    ['a token whose subject is no text', { claims: { sub: 7 } }],
    ['a token that has expired', { claims: { exp: now() - 120 } }],
    ['a token that is not valid yet', { claims: { nbf: now() + 86_400 } }],
    ['a token from the future', { claims: { iat: now() + 86_400 } }],
    ['a userinfo of somebody else', { info: { sub: 'eve', email: 'eve@example.org' } }],
    ['an answer of another issuer (mix-up)', {}, { iss: 'https://evil.example' }],
    ['an answer with another state', {}, { state: 'another' }],
  ];
  for (const [what, bend, change] of refused) {
    it(`is not believed with ${what}`, async () => {
      const error = await rejectsWith('DENIED', logIn(bend, {}, change));
      assert.match(error.message, /What “The institute” answered can’t be accepted/);
    });
  }

  it('is not believed without an issuer in its answer where it promises one', async () => {
    const provider = new OpenIdProvider(settingsFor(bent.issuer), log);
    const begun = await provider.begin(testAuthCall());
    assert(begun.kind === 'redirect');
    const { iss: _, ...answer } = bent.follow(begun.url);
    await rejectsWith('DENIED', provider.complete(answer, begun.state, testAuthCall()));
  });

  const skews: readonly [string, () => Bend, 'fine' | ErrorCode][] = [
    ['20 s slow', () => ({ claims: { exp: now() - 15 } }), 'fine'],
    ['20 s fast', () => ({ claims: { iat: now() + 20, nbf: now() + 20 } }), 'fine'],
    ['2 minutes slow', () => ({ claims: { exp: now() - 100 } }), 'DENIED'],
    ['2 minutes fast', () => ({ claims: { iat: now() + 86_400 } }), 'DENIED'],
  ];
  for (const [what, bend, expected] of skews) {
    it(`may have a clock that is ${what}: ${expected}`, async () => {
      if (expected === 'fine') await logIn(bend());
      else await rejectsWith(expected, logIn(bend()));
    });
  }

  it('is tolerated no further than the settings say', async () => {
    await rejectsWith('DENIED', logIn({ claims: { exp: now() - 15 } }, { clockTolerance: 5 }));
    await logIn({ claims: { exp: now() - 100 } }, { clockTolerance: 200 });
  });

  it('verifies an address with true, and with nothing that looks like it', async () => {
    for (const mark of ['true', 'TRUE', 1, '1', {}, [true], null, undefined]) {
      const identity = await logIn({ claims: { email_verified: mark } });
      assert.equal(identity.emailVerified, false, JSON.stringify(mark));
    }
  });

  it('verifies no address of the token by a mark of the userinfo, nor the other way about', async () => {
    const claims = { email: 'victim@example.org', email_verified: undefined };
    const mixed = await logIn({ claims, info: { email: 'eve@example.org', email_verified: true } });
    assert.deepEqual([mixed.email, mixed.emailVerified], ['eve@example.org', true]);
    const reversed = await logIn({ claims: { email: undefined }, info: { email: 'victim@example.org' } });
    assert.deepEqual([reversed.email, reversed.emailVerified], ['victim@example.org', false]);
  });

  it('is away, not wrong, when it can’t answer', async () => {
    const error = await rejectsWith('UNREACHABLE', logIn({ status: 503 }));
    assert.match(error.message, /does not answer at the moment/);
  });

  it('is not set up rightly when it calls itself otherwise', async () => {
    const error = await rejectsWith('PROTOCOL', logIn({ metadata: { issuer: 'https://evil.example' } }));
    assert.match(error.message, /not set up right here/);
  });

  it('leaves nothing of a token, a code or a secret in the log, or in an error', async () => {
    lines.length = 0;
    const code = 'canary-code';
    for (const bend of [
      { claims: { nonce: 'canary-nonce', email: 'canary@example.org' } },
      { signedBy: 'stranger' },
    ] as const) {
      const error = await rejectsWith('DENIED', logIn(bend, {}, { code }));
      assert.equal(error.cause, undefined);
    }
    await rejectsWith('DENIED', logIn({}, {}, { error: 'canary_error-1', error_description: 'canary' }));
    assert(lines.length >= 3, 'there are lines');
    assert.doesNotMatch(lines.join('\n'), /canary|eyJ|the client secret/);
  });
});
