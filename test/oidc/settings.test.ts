import assert from 'node:assert/strict';
import type { PluginItem } from '@stele/sdk/api';
import { compile, problemsOf } from '../../core/server/src/host/ajv.ts';
import { checkSettings } from '../../plugins/auth/oidc/src/server/check-settings.ts';
import { type OidcSettings, settings } from '../../plugins/auth/oidc/src/settings.ts';
import { Platform } from '../e2e/lib/index.ts';
import { OidcStage } from './lib/stage.ts';

const right = { title: 'X', issuer: 'https://sso.example.org', clientId: 'stele', allow: { everybody: true } };

/** What the host, and then the plugin, says to settings. */
function problemIn(provider: object, id = 'sso'): string {
  const validate = compile(settings as never);
  const given = { providers: { [id]: provider } };
  if (!validate(given)) return problemsOf(validate);
  try {
    checkSettings(given as unknown as OidcSettings);
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('settings of OpenID Connect', () => {
  it('may be short', () => assert.equal(problemIn(right), 'none'));

  it('may be long', () => {
    const long = {
      ...right,
      clientSecretFile: '/run/secret',
      secretBy: 'post',
      scopes: ['openid', 'groups'],
      allow: { emailDomains: ['example.org'], groups: ['a'], subjects: ['b'] },
      groups: { names: { 'urn:x:astro': 'Astronomers' }, others: true },
      roles: { admin: ['ops'] },
      logOut: 'here',
      clockTolerance: 0,
    };
    assert.equal(problemIn(long), 'none');
    assert.equal(problemIn({ ...right, issuer: 'http://127.0.0.1:8080' }), 'none');
  });

  const refused: readonly [string, object, RegExp, string?][] = [
    ['an unknown key', { ...right, allowedDomains: ['x'] }, /unevaluated|additional.*allowedDomains/],
    ['an unknown list', { ...right, allow: { emaildomains: ['x'] } }, /additional.*emaildomains/],
    ['nobody said to be let in', { title: 'X', issuer: right.issuer, clientId: 'x' }, /required property 'allow'/],
    ['nothing said of who is let in', { ...right, allow: {} }, /`providers\.sso\.allow` must NOT have fewer than 1/],
    [
      'an empty list of domains',
      { ...right, allow: { emailDomains: [] } },
      /`providers\.sso\.allow\.emailDomains` must NOT have fewer than 1 items/,
    ],
    ['an empty list of groups', { ...right, allow: { groups: [] } }, /allow\.groups` must NOT have fewer than 1 items/],
    [
      'an empty list of subjects',
      { ...right, allow: { subjects: [] } },
      /allow\.subjects` must NOT have fewer than 1 items/,
    ],
    ['an empty list beside another', { ...right, allow: { groups: ['a'], subjects: [] } }, /allow\.subjects/],
    ['an empty name in a list', { ...right, allow: { emailDomains: [''] } }, /emailDomains\.0/],
    ['everybody that is false', { ...right, allow: { everybody: false } }, /allow\.everybody/],
    [
      'everybody and a list',
      { ...right, allow: { everybody: true, groups: ['a'] } },
      /providers\.sso: `allow` says everybody/,
    ],
    [
      'no group for administrators',
      { ...right, roles: { admin: [] } },
      /roles\.admin` must NOT have fewer than 1 items/,
    ],
    ['plain HTTP', { ...right, issuer: 'http://sso.example.org' }, /must be https/],
    ['plain HTTP to a look-alike', { ...right, issuer: 'http://127.0.0.1.evil.example' }, /must be https/],
    ['an issuer with a query', { ...right, issuer: 'https://sso.example.org/?x' }, /issuer/],
    ['an issuer with a password', { ...right, issuer: 'https://a:b@sso.example.org' }, /must not hold a user/],
    ['a secret in the file itself', { ...right, clientSecret: 'x' }, /clientSecret/],
    ['two secrets', { ...right, clientSecretFile: '/x', clientSecretVariable: 'STELE_X_SECRET' }, /not in both/],
    ['a relative path', { ...right, clientSecretFile: 'x' }, /absolute/],
    ['the id of log-in by password', right, /id is that of log-in with a password/, 'local'],
    ['an id that is no part of an address', right, /Bad/, 'Bad'],
  ];
  for (const [what, provider, words, id] of refused) {
    it(`refuse ${what}`, () => assert.match(problemIn(provider, id), words));
  }

  describe('on a platform', function () {
    this.timeout(60_000);

    it('that are wrong keep the plugin from starting, with a reason, and nothing else', async () => {
      const providers = { sso: { ...right, allow: { emailDomains: [] } } };
      await using platform = await Platform.start({ site: { plugins: { 'auth-oidc': { providers } } } as never });
      const admin = await platform.logIn();
      const plugin = (await admin.items<PluginItem>('/plugins')).find(({ id }) => id === 'auth-oidc');
      assert.deepEqual([plugin?.state, plugin?.code], ['failed', 'SETTINGS_INVALID'], JSON.stringify(plugin));
      assert.match(plugin?.reason ?? '', /allow\.emailDomains` must NOT have fewer than 1 items/);
      assert.deepEqual(
        (await admin.items<{ id: string }>('/auth')).map(({ id }) => id),
        ['local'],
      );
    });
  });
});

describe('who is let in', function () {
  this.timeout(60_000);
  const accounts = {
    inside: { email: 'ada@Example.org', email_verified: true },
    unverified: { email: 'eve@example.org', email_verified: false },
    below: { email: 'eve@sub.example.org', email_verified: true },
    behind: { email: 'eve@example.org.evil.example', email_verified: true },
    before: { email: 'eve@evilexample.org', email_verified: true },
    member: { email: 'grace@elsewhere.org', email_verified: true, groups: ['staff'] },
    almost: { email: 'eve@elsewhere.org', email_verified: true, groups: ['Staff', 'staff2', 'astaff'] },
    known: { email: 'lise@elsewhere.org', email_verified: true },
  };
  const allow = { emailDomains: ['EXAMPLE.org'], groups: ['staff'], subjects: ['known'] };
  let stage: OidcStage;

  before(async () => void (stage = await OidcStage.open(accounts, { allow })));
  after(() => stage?.[Symbol.asyncDispose]());

  for (const account of ['inside', 'member', 'known'] as const) {
    it(`is ${account}`, async () => assert.equal((await stage.guest().logIn('institute', account)).status, 200));
  }
  for (const account of ['unverified', 'below', 'behind', 'before', 'almost'] as const) {
    it(`is not ${account}`, async () => {
      const answer = await stage.guest().logIn('institute', account);
      assert.equal(answer.status, 403, JSON.stringify(answer.body));
      assert.match(answer.body.detail, /knows you, but this site does not let you in/);
    });
  }

  it('is asked at each log-in: who leaves the list is out', async () => {
    await stage.institute.stop();
    await stage.institute.start({ accounts: { ...accounts, member: { ...accounts.member, groups: [] } } });
    assert.equal((await stage.guest().logIn('institute', 'member')).status, 403);
  });
});
