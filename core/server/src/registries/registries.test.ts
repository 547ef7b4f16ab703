import assert from 'node:assert/strict';
import { type ErrorCode, hasCode } from '@stele/sdk';
import { TestAccounts } from '../accounts/testing.ts';
import type { Viewer } from '../accounts/index.ts';
import { type Database, type Owner, secretBox } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { Keyring, Registries } from './index.ts';

const canary = 'canary-p4ss';
const box = secretBox('1f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c');
const platform: Owner = { kind: 'platform' };

describe('credentials for registries', () => {
  let database: Database;
  let accounts: TestAccounts;
  let registries: Registries;
  let keyring: Keyring;
  let admin: Viewer;
  let ada: Viewer;
  let bob: Viewer;
  let group: Owner & { readonly id: string };

  before(async () => void (database = await openTestDatabase())).timeout(60_000);
  after(() => database.close());
  beforeEach(async () => {
    await execute('delete from registry_credentials');
    accounts = new TestAccounts(database);
    registries = new Registries({ database, secrets: box });
    keyring = new Keyring(database, box);
    admin = await accounts.someone('admin');
    const people = [await accounts.someone(), await accounts.someone()] as const;
    const { id } = await accounts.groups.create(admin, `group ${people[0].id}`);
    group = { kind: 'group', id };
    await accounts.groups.setMember(admin, id, people[0].id, 'manager');
    await accounts.groups.setMember(admin, id, people[1].id, 'member');
    [admin, ada, bob] = [
      await accounts.viewer(admin.id),
      await accounts.viewer(people[0].id),
      await accounts.viewer(people[1].id),
    ];
  });

  const execute = (sql: string, values: unknown[] = []) =>
    database.orm.em.getConnection().execute<object[]>(sql, values);
  const enter = (viewer: Viewer, owner?: Owner, registry = 'r.example', more = {}) =>
    registries.create(viewer, { registry, username: 'u', password: canary, ...(owner ? { owner } : {}), ...more });
  const refuses = (work: Promise<unknown>, code: ErrorCode, field?: string) =>
    assert.rejects(work, (error) => hasCode(error, code) && error.field === field);
  const seen = async (viewer: Viewer) => (await registries.list(viewer)).map(({ id }) => id);
  const opened = async (viewer: Viewer, software: Owner, registry: string) => {
    const computing = { owner: platform, auth: 'none' } as const;
    const id = await keyring.choose(viewer, { software, computing }, registry);
    return id === undefined ? undefined : (await keyring.open(id, registry))?.credentials.password;
  };

  it('are sealed, and no view has a password', async () => {
    const row = await enter(ada);
    const all = JSON.stringify(await execute('select * from registry_credentials'));
    assert(all.includes('r.example') && !all.includes(canary));
    assert(!JSON.stringify([row, registries.view(ada, row, new Map())]).includes(canary));
    assert.equal(await opened(ada, { kind: 'user', id: ada.id }, 'r.example'), canary);
  });

  it('open in their own row, for their own registry, by their own key alone', async () => {
    const [mine, other] = [await enter(ada), await enter(ada, undefined, 'evil.example')];
    assert.equal(await keyring.open(mine.id, 'evil.example'), undefined);
    assert.equal(await keyring.open(mine.id, 'r.example:5000'), undefined);
    await refuses(
      new Keyring(database, secretBox('another secret key, long enough 0123456789')).open(mine.id, 'r.example'),
      'DENIED',
    );
    await execute('update registry_credentials set password = ? where id = ?', [mine.password, other.id]);
    await refuses(keyring.open(other.id, 'evil.example'), 'DENIED');
    await execute('delete from registry_credentials where id = ?', [other.id]);
    await execute(`update registry_credentials set registry = 'evil.example' where id = ?`, [mine.id]);
    await refuses(keyring.open(mine.id, 'evil.example'), 'DENIED');
  });

  it('are found by the registry’s one name', async () => {
    await enter(ada, undefined, 'Index.Docker.IO:443');
    const own: Owner = { kind: 'user', id: ada.id };
    for (const name of ['docker.io', 'registry-1.docker.io', 'DOCKER.io'])
      assert.equal(await opened(ada, own, name), canary);
    for (const name of ['docker.io:5000', 'quay.io', 'docker.io.example']) {
      assert.equal(await opened(ada, own, name), undefined);
    }
  });

  it('are entered once for a registry and an owner', async () => {
    for (const owner of [undefined, group, platform]) {
      const who = owner === platform ? admin : ada;
      await enter(who, owner, 'docker.io');
      await refuses(enter(who, owner, 'index.docker.io'), 'CONFLICT', 'registry');
    }
    await enter(bob, undefined, 'docker.io');
  });

  it('are entered for whom one may speak', async () => {
    await enter(ada, group);
    await enter(admin, platform);
    await refuses(enter(ada, platform), 'DENIED', 'owner');
    await refuses(enter(bob, group, 'other.example'), 'DENIED', 'owner');
    await refuses(enter(ada, { kind: 'user', id: bob.id }), 'DENIED', 'owner');
    await refuses(enter(admin, { kind: 'user', id: bob.id }), 'DENIED', 'owner');
    const nobody = '00000000-0000-4000-8000-000000000000';
    await refuses(enter(admin, { kind: 'group', id: nobody }), 'INVALID', 'owner');
    await refuses(enter(ada, undefined, 'x.example', { shared: true }), 'INVALID', 'shared');
  });

  it('are seen by whom they concern, and whose account it is by who may change it', async () => {
    const [adas, groups, platforms] = [await enter(ada), await enter(ada, group), await enter(admin, platform)];
    assert.deepEqual(new Set(await seen(ada)), new Set([adas.id, groups.id, platforms.id]));
    assert.deepEqual(new Set(await seen(bob)), new Set([groups.id, platforms.id]));
    assert.deepEqual(new Set(await seen(admin)), new Set([groups.id, platforms.id]), 'a user’s are theirs alone');
    assert.deepEqual(await seen(await accounts.someone()), [platforms.id]);
    const name = (viewer: Viewer, row: typeof adas) => registries.view(viewer, row, new Map()).username;
    assert.deepEqual(
      [name(ada, groups), name(bob, groups), name(bob, platforms), name(admin, platforms)],
      ['u', undefined, undefined, 'u'],
    );
  });

  it('are changed by who may; what is not named stays, and the registry always does', async () => {
    const [adas, groups, platforms] = [await enter(ada), await enter(ada, group), await enter(admin, platform)];
    const own: Owner = { kind: 'user', id: ada.id };
    await registries.update(ada, adas.id, { username: 'v' });
    assert.equal(await opened(ada, own, 'r.example'), canary);
    await registries.update(ada, adas.id, { password: 'new' });
    assert.equal(await opened(ada, own, 'r.example'), 'new');
    for (const who of [bob, admin]) await refuses(registries.update(who, adas.id, { username: 'x' }), 'NOT_FOUND');
    for (const who of [bob, admin]) await refuses(registries.remove(who, adas.id), 'NOT_FOUND');
    await refuses(registries.remove(bob, groups.id), 'DENIED');
    await refuses(registries.update(ada, platforms.id, { shared: true }), 'DENIED');
    await refuses(registries.update(ada, adas.id, { shared: true }), 'INVALID', 'shared');
    assert.equal((await registries.update(ada, groups.id, { shared: true })).shared, true);
    await registries.remove(admin, groups.id);
    await registries.remove(ada, adas.id);
    assert.deepEqual(await seen(ada), [platforms.id]);
  });

  it('of the platform are for its own software, until an administrator gives them to everyone’s', async () => {
    const { id } = await enter(admin, platform);
    const own: Owner = { kind: 'user', id: ada.id };
    assert.deepEqual(
      [await opened(ada, platform, 'r.example'), await opened(ada, own, 'r.example')],
      [canary, undefined],
    );
    await registries.update(admin, id, { shared: true });
    assert.equal(await opened(ada, own, 'r.example'), canary);
  });

  it('keep a group from being deleted', async () => {
    await enter(ada, group);
    await refuses(accounts.groups.remove(admin, group.id), 'CONFLICT');
  });

  it('that were removed since a launch chose them are none', async () => {
    const { id } = await enter(ada);
    await registries.remove(ada, id);
    assert.equal(await keyring.open(id, 'r.example'), undefined);
  });
});
