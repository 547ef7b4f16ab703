import assert from 'node:assert/strict';
import { type ErrorCode, hasCode, matches } from '@stele/sdk';
import { type Database, User } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { TestAccounts } from './testing.ts';
import { usernames } from './username.ts';
import { normalEmail } from './users.ts';

const failsWith =
  (code: ErrorCode, field?: string) =>
  (error: unknown): boolean =>
    hasCode(error, code) && error.field === field;

describe('accounts: users', () => {
  let database: Database;
  let accounts: TestAccounts;

  beforeEach(async () => {
    database = await openTestDatabase();
    accounts = new TestAccounts(database);
  });
  afterEach(() => database.close());
  before(async () => (await openTestDatabase()).close()).timeout(60_000);

  it('have one address each, whatever its case', async () => {
    const admin = await accounts.someone('admin');
    const user = await accounts.users.create(admin, { email: ' Ada@Example.ORG', name: 'Ada' });
    assert.deepEqual(
      [user.email, user.username, user.role, user.provider],
      ['ada@example.org', 'ada', 'standard', undefined],
    );
    const again = accounts.users.create(admin, { email: 'ADA@example.org', name: 'Other' });
    await assert.rejects(again, failsWith('CONFLICT', 'email'));
    assert.equal((await accounts.users.list(admin)).length, 2);
  });

  it('are known to no provider when they are made here, and to the one that brings them', async () => {
    const made = await accounts.users.insert({ email: 'ada@example.org', name: 'Ada' });
    const identity = { provider: 'sso', issuer: 'https://sso.example.org', subject: 'grace' };
    const brought = await accounts.users.insert({ email: 'grace@example.org', name: 'Grace', identity });
    const [first, second] = [await accounts.users.find(made.id), await accounts.users.find(brought.id)];
    assert.deepEqual([first?.provider ?? undefined, second?.provider], [undefined, 'sso']);
    assert.deepEqual(await accounts.identities.list(made.id), []);
    const known = (await accounts.identities.list(brought.id)).map(({ provider, issuer, subject, isLinked }) => {
      return { provider, issuer, subject, isLinked };
    });
    assert.deepEqual(known, [{ ...identity, isLinked: false }]);
  });

  it('get one name each, also when many come at once', async () => {
    const names = ['one', 'two', 'three', 'four', 'five'].map((host) =>
      accounts.users.insert({ email: `ada@${host}.org`, name: 'Ada' }),
    );
    const settled = await Promise.allSettled(names);
    const made = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value.username] : []));
    assert.equal(new Set(made).size, 5, JSON.stringify(settled));
    assert.ok(made.every((name) => matches('userName', name)));
  });

  it('change of themselves what is theirs to change, whatever comes along', async () => {
    const user = await accounts.users.insert({ email: 'a@b.org', name: 'A' });
    const smuggled = { name: 'B', role: 'admin', email: 'root@b.org', username: 'root', disabledAt: new Date() };
    await accounts.users.changeSelf(user.id, smuggled);
    const after = await accounts.users.find(user.id);
    assert.deepEqual(
      [after?.name, after?.role, after?.email, after?.username, after?.disabledAt ?? undefined],
      ['B', 'standard', 'a@b.org', 'a', undefined],
    );
  });

  it('can be taken back while nobody has seen them', async () => {
    const user = await accounts.users.insert({ email: 'a@b.org', name: 'A' });
    await accounts.users.takeBack(user.id);
    assert.equal(await accounts.users.find(user.id), undefined);
    assert.equal((await accounts.users.insert({ email: 'a@b.org', name: 'A' })).username, 'a');
  });

  it('are made and changed by administrators only', async () => {
    const [power, other] = [await accounts.someone('power'), await accounts.someone()];
    await assert.rejects(accounts.users.create(power, { email: 'a@b.c', name: 'x' }), failsWith('DENIED'));
    await assert.rejects(accounts.users.change(power, power.id, { role: 'admin' }), failsWith('DENIED'));
    await assert.rejects(accounts.users.change(power, other.id, { isDisabled: true }), failsWith('DENIED'));
    await assert.rejects(accounts.users.list(power), failsWith('DENIED'));
  });

  it('keep an administrator: the last one stays', async () => {
    const [one, two] = [await accounts.someone('admin'), await accounts.someone('admin')];
    await accounts.users.change(one, two.id, { role: 'power' });
    await assert.rejects(accounts.users.change(one, one.id, { role: 'power' }), failsWith('CONFLICT', 'role'));
    await assert.rejects(accounts.users.change(one, one.id, { isDisabled: true }), failsWith('CONFLICT', 'isDisabled'));
    await accounts.users.change(one, one.id, { name: 'Renamed' });
    await accounts.users.change(one, two.id, { role: 'admin' });
    await accounts.users.change(one, one.id, { role: 'standard' });
  });

  it('keep an administrator when two demote each other at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      const [one, two] = [await accounts.someone('admin'), await accounts.someone('admin')];
      await database.em().nativeUpdate(User, { id: { $nin: [one.id, two.id] } }, { role: 'standard' });
      await Promise.allSettled([
        accounts.users.change(one, two.id, { role: 'power' }),
        accounts.users.change(two, one.id, { isDisabled: true }),
      ]);
      assert.equal(await database.em().count(User, { role: 'admin', disabledAt: null }), 1);
    }
  });

  it('tell of their changes', async () => {
    const [admin, user] = [await accounts.someone('admin'), await accounts.someone()];
    const heard: string[] = [];
    accounts.news.on('user-changed', ({ user: id }) => heard.push(id));
    await accounts.users.change(admin, user.id, { role: 'power' });
    assert.deepEqual(heard, [user.id]);
    assert.equal((await accounts.viewer(user.id)).role, 'power');
  });

  it('can be disabled and let in again', async () => {
    const [admin, user] = [await accounts.someone('admin'), await accounts.someone()];
    assert.ok((await accounts.users.change(admin, user.id, { isDisabled: true })).disabledAt);
    await assert.rejects(accounts.viewer(user.id));
    assert.equal((await accounts.users.change(admin, user.id, { isDisabled: false })).disabledAt, undefined);
    assert.equal((await accounts.viewer(user.id)).id, user.id);
  });

  it('change their own name, time zone and language', async () => {
    const user = await accounts.someone();
    const changed = await accounts.users.changeSelf(user.id, { name: 'New', timezone: 'Europe/Rome', locale: 'it' });
    assert.deepEqual([changed.name, changed.timezone, changed.locale], ['New', 'Europe/Rome', 'it']);
    await assert.rejects(
      accounts.users.changeSelf(user.id, { timezone: 'Mars/Olympus' }),
      failsWith('INVALID', 'timezone'),
    );
  });

  it('begin with one administrator', async () => {
    const first = await accounts.users.firstAdmin('admin@localhost', 'Administrator');
    assert.equal(first.role, 'admin');
    assert.equal((await accounts.users.firstAdmin('admin@localhost', 'Administrator')).id, first.id);
    assert.equal(await database.em().count(User), 1);
  });

  const addresses: readonly [string, string | undefined][] = [
    ['Ada@Example.org', 'ada@example.org'],
    ['  a@b ', 'a@b'],
    ['ÄDA@example.org', 'äda@example.org'],
    ['', undefined],
    ['ada', undefined],
    ['a@', undefined],
    ['@b', undefined],
    ['a@b@c', undefined],
    ['a b@c', undefined],
    ['a\u0000@b', undefined],
    ['a\n@b.c', undefined],
    [`${'a'.repeat(250)}@b.org`, undefined],
  ];
  for (const [text, expected] of addresses) {
    it(`take ${JSON.stringify(text).slice(0, 30)} for ${expected ?? 'no address'}`, () => {
      if (expected === undefined) assert.throws(() => normalEmail(text), failsWith('INVALID', 'email'));
      else assert.equal(normalEmail(text), expected);
    });
  }

  const names: readonly [string, string][] = [
    ['ada@example.org', 'ada'],
    ['Ada.Lovelace@example.org', 'ada-lovelace'],
    ['josé.müller@x', 'jose-muller'],
    ['ada+news@x', 'ada'],
    ['../../etc@x', 'etc'],
    ['-rf@x', 'rf'],
    ['$(id)@x', 'id'],
    ['ада@x', 'user'],
    ['_x_@x', 'x_'],
    [`${'a'.repeat(64)}@x`, 'a'.repeat(32)],
  ];
  for (const [email, expected] of names) {
    it(`call ${email.slice(0, 30)} ${expected}`, () => {
      const candidates = usernames(email);
      const found = Array.from({ length: 200 }, () => candidates.next().value as string);
      assert.equal(found[0], expected);
      assert.equal(new Set(found).size, 200);
      assert.ok(
        found.every((name) => matches('userName', name)),
        found.find((name) => !matches('userName', name)),
      );
    });
  }
});
