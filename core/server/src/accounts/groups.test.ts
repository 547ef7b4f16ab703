import assert from 'node:assert/strict';
import { type ErrorCode, hasCode } from '@stele/sdk';
import { type Database, ownerColumns, Software } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import type { Viewer } from './decide.ts';
import { TestAccounts } from './testing.ts';

const failsWith =
  (code: ErrorCode) =>
  (error: unknown): boolean =>
    hasCode(error, code);

describe('accounts: groups', () => {
  let database: Database;
  let accounts: TestAccounts;
  let admin: Viewer;
  let manager: Viewer;
  let member: Viewer;
  let stranger: Viewer;
  let group: string;

  before(async () => (await openTestDatabase()).close()).timeout(60_000);
  beforeEach(async () => {
    database = await openTestDatabase();
    accounts = new TestAccounts(database);
    admin = await accounts.someone('admin');
    [manager, member, stranger] = [await accounts.someone(), await accounts.someone(), await accounts.someone()];
    group = (await accounts.groups.create(admin, 'Galaxies')).id;
    await accounts.groups.setMember(admin, group, manager.id, 'manager');
    await accounts.groups.setMember(admin, group, member.id, 'member');
    [manager, member] = [await accounts.viewer(manager.id), await accounts.viewer(member.id)];
  });
  afterEach(() => database.close());

  it('are made, renamed and removed by administrators only', async () => {
    for (const who of [manager, member, stranger]) {
      await assert.rejects(accounts.groups.create(who, 'Mine'), failsWith('DENIED'));
      await assert.rejects(accounts.groups.rename(who, group, 'Mine'), failsWith('DENIED'));
      await assert.rejects(accounts.groups.remove(who, group), failsWith('DENIED'));
    }
    assert.equal((await accounts.groups.rename(admin, group, 'Stars')).name, 'Stars');
    await accounts.groups.create(admin, 'Galaxies');
    await assert.rejects(accounts.groups.create(admin, 'Stars'), failsWith('CONFLICT'));
    await assert.rejects(accounts.groups.rename(admin, group, 'Galaxies'), failsWith('CONFLICT'));
  });

  it('are seen by their members and by administrators', async () => {
    for (const who of [admin, manager, member]) {
      assert.equal((await accounts.groups.list(who)).length, 1);
      const { memberships } = await accounts.groups.get(who, group);
      const people = memberships.getItems().map(({ user, role }) => `${user.name} ${role}`);
      assert.equal(people.length, 2);
    }
    assert.deepEqual(await accounts.groups.list(stranger), []);
    await assert.rejects(accounts.groups.get(stranger, group), failsWith('NOT_FOUND'));
  });

  it('take members from their managers', async () => {
    await accounts.groups.setMember(manager, group, stranger.id, 'member');
    assert.deepEqual((await accounts.viewer(stranger.id)).groups, [{ id: group, role: 'member' }]);
    await accounts.groups.setMember(manager, group, stranger.id, 'manager');
    assert.deepEqual((await accounts.viewer(stranger.id)).groups, [{ id: group, role: 'manager' }]);
    await accounts.groups.removeMember(manager, group, stranger.id);
    assert.deepEqual((await accounts.viewer(stranger.id)).groups, []);
    await assert.rejects(accounts.groups.removeMember(manager, group, stranger.id), failsWith('NOT_FOUND'));
  });

  it('take nobody from members and strangers', async () => {
    await assert.rejects(accounts.groups.setMember(member, group, stranger.id, 'member'), failsWith('DENIED'));
    await assert.rejects(accounts.groups.setMember(member, group, member.id, 'manager'), failsWith('DENIED'));
    await assert.rejects(accounts.groups.removeMember(member, group, manager.id), failsWith('DENIED'));
    await assert.rejects(accounts.groups.setMember(stranger, group, stranger.id, 'manager'), failsWith('NOT_FOUND'));
    await assert.rejects(accounts.groups.removeMember(stranger, group, stranger.id), failsWith('NOT_FOUND'));
    const nobody = '00000000-0000-4000-8000-000000000000';
    await assert.rejects(accounts.groups.setMember(manager, group, nobody, 'member'), failsWith('NOT_FOUND'));
  });

  it('can be left', async () => {
    await accounts.groups.removeMember(member, group, member.id);
    assert.deepEqual((await accounts.viewer(member.id)).groups, []);
  });

  it('tell who is affected when they change', async () => {
    const heard: string[] = [];
    accounts.news.on('user-changed', ({ user }) => heard.push(user));
    await accounts.groups.setMember(manager, group, stranger.id, 'member');
    await accounts.groups.removeMember(manager, group, stranger.id);
    await accounts.groups.remove(admin, group);
    assert.deepEqual(heard.toSorted(), [stranger.id, stranger.id, manager.id, member.id].toSorted());
  });

  it('are not removed while they own anything', async () => {
    const em = database.em();
    const owner = ownerColumns({ kind: 'group', id: group });
    const software = em.create(Software, { name: 's', image: 'x', port: 80, ...owner });
    await em.flush();
    await assert.rejects(accounts.groups.remove(admin, group), failsWith('CONFLICT'));
    await em.remove(software).flush();
    await accounts.groups.remove(admin, group);
    assert.deepEqual(await accounts.groups.list(admin), []);
  });
});
