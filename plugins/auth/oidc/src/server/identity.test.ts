import assert from 'node:assert/strict';
import type { ProviderSettings } from '../settings.ts';
import { identityOf } from './identity.ts';

const settings: ProviderSettings = {
  title: 'The institute',
  issuer: 'https://sso.example.org',
  clientId: 'stele',
  scopes: ['openid'],
  allow: { everybody: true },
  newUsers: true,
  userNameClaim: 'preferred_username',
  groupsClaim: 'groups',
  logOut: 'provider',
  clockTolerance: 30,
};
const base = { iss: 'https://sso.example.org', sub: 'ada' };
const of = (token: object, more: Partial<ProviderSettings> = {}) =>
  identityOf({ token: { ...base, ...token }, info: {} }, { ...settings, ...more });

describe('identity by claims', () => {
  it('is issuer and subject, with what else is known', () => {
    assert.deepEqual(of({}), { issuer: base.iss, subject: 'ada', emailVerified: false, groups: [] });
    const token = { email: 'ada@x.org', email_verified: true, name: 'Ada', preferred_username: 'ada', uid: 'a7' };
    const whole = {
      issuer: base.iss,
      subject: 'ada',
      email: 'ada@x.org',
      emailVerified: true,
      name: 'Ada',
      groups: [],
    };
    assert.deepEqual(of(token), { ...whole, username: 'ada' });
    assert.deepEqual(of(token, { userNameClaim: 'uid' }), { ...whole, username: 'a7' });
  });

  const names = { 'urn:x:astro': 'Astronomers', 'urn:x:stars': 'Astronomers', __proto__: 'x' };
  const groups: readonly [string, ProviderSettings['groups'], readonly string[]][] = [
    ['none where the settings say nothing', undefined, []],
    ['those with a name here', { names, others: false }, ['Astronomers']],
    ['all', { others: true }, ['urn:x:astro', 'urn:x:stars', 'ops', 'constructor']],
    ['all, some by a name here', { names, others: true }, ['Astronomers', 'ops', 'constructor']],
    ['none without a name', { others: false }, []],
  ];
  for (const [what, wish, expected] of groups) {
    it(`has groups: ${what}`, () => {
      const token = { groups: ['urn:x:astro', 'urn:x:stars', 'ops', 'constructor'] };
      assert.deepEqual(of(token, wish === undefined ? {} : { groups: wish })?.groups, expected);
    });
  }

  it('has the highest role that one of the groups gives', () => {
    const roles = { admin: ['ops'], power: ['astro'] };
    const roleOf = (list: readonly string[]) => of({ groups: list }, { roles })?.role;
    assert.deepEqual([['astro', 'ops'], ['astro'], ['other'], []].map(roleOf), [
      'admin',
      'power',
      undefined,
      undefined,
    ]);
    assert.equal(of({ groups: ['ops'] })?.role, undefined);
  });

  it('is nobody’s who is on no list', () => {
    assert.equal(of({}, { allow: { subjects: ['grace'] } }), undefined);
    assert.equal(of({}, { allow: { subjects: ['ada'] } })?.subject, 'ada');
    assert.equal(
      of({ groups: ['urn:x:astro'] }, { allow: { groups: ['Astronomers'] }, groups: { names, others: false } }),
      undefined,
    );
  });
});
