import assert from 'node:assert/strict';
import { claim, groupsOf, mailOf, textOf } from './claims.ts';

const none = {};

describe('claims', () => {
  it('are the token’s before the userinfo’s', () => {
    assert.equal(textOf({ token: { name: 'a' }, info: { name: 'b' } }, 'name'), 'a');
    assert.equal(textOf({ token: none, info: { name: 'b' } }, 'name'), 'b');
    assert.equal(textOf({ token: { name: ' ' }, info: none }, 'name'), undefined);
    assert.equal(textOf({ token: { name: 7 }, info: none }, 'name'), undefined);
  });

  it('are found by name, by a name with dots, and within others', () => {
    const token = { 'https://x.org/groups': 1, realm: { roles: 2 }, 'a.b': 3, a: { b: 4 } };
    const found = ['https://x.org/groups', 'realm.roles', 'a.b', 'realm.none', 'none.roles', 'realm.roles.x'];
    assert.deepEqual(
      found.map((name) => claim({ token, info: none }, name)),
      [1, 2, 3, undefined, undefined, undefined],
    );
  });

  it('are never what every object has', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'realm.constructor', 'constructor.name']) {
      assert.equal(claim({ token: { realm: {} }, info: none }, name), undefined, name);
    }
  });

  const groups: readonly [unknown, readonly string[]][] = [
    [
      ['a', 'b', 'a'],
      ['a', 'b'],
    ],
    ['a', ['a']],
    [['a', 7, null, '', ['b'], { c: 1 }], ['a']],
    [{ a: true }, []],
    [undefined, []],
    [7, []],
  ];
  for (const [value, expected] of groups) {
    it(`${JSON.stringify(value)} are the groups ${expected.join(', ') || 'of nobody'}`, () => {
      assert.deepEqual(groupsOf({ token: { groups: value }, info: none }, { groupsClaim: 'groups' }), expected);
    });
  }

  const a = 'a@x.org';
  const b = 'b@x.org';
  const mails: readonly [string, object, object, object][] = [
    ['of the token', { email: a, email_verified: true }, none, { email: a, emailVerified: true }],
    ['of the userinfo', none, { email: b, email_verified: true }, { email: b, emailVerified: true }],
    [
      'of the token before the other',
      { email: a, email_verified: false },
      { email: b, email_verified: true },
      { email: a, emailVerified: false },
    ],
    ['whole before half', { email: a }, { email: b, email_verified: true }, { email: b, emailVerified: true }],
    ['never put together', { email: a }, { email_verified: true }, { email: a, emailVerified: false }],
    ['never put together the other way', { email_verified: true }, { email: b }, { email: b, emailVerified: false }],
    ['that is none', { email: 'x', email_verified: true }, none, { emailVerified: false }],
    ['with two @', { email: 'a@b@x.org', email_verified: true }, none, { emailVerified: false }],
    ['with a line end', { email: 'a@x.org\n', email_verified: true }, none, { emailVerified: false }],
    ['that is no text', { email: [a], email_verified: true }, none, { emailVerified: false }],
    ['that is verified in words', { email: a, email_verified: 'true' }, none, { email: a, emailVerified: false }],
  ];
  for (const [what, token, info, expected] of mails) {
    it(`have an address ${what}`, () => assert.deepEqual(mailOf({ token: { ...token }, info: { ...info } }), expected));
  }
});
