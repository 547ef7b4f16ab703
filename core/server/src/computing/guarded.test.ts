import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { AccessMethod, AccessTarget, Host } from '@stele/sdk';
import { testCall } from '@stele/sdk/testing';
import { TestAccounts } from '../accounts/testing.ts';
import type { Viewer } from '../accounts/index.ts';
import { Computing, type Database, type Owner, ownerColumns, Storage } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { registryOf } from '../tasks/testing.ts';
import { GuardedResources } from './guarded.ts';
import { AccessHosts } from './hosts.ts';

describe('hosts that are guarded', () => {
  let database: Database;
  let accounts: TestAccounts;
  let admin: Viewer;
  let user: Viewer;
  let now = 0;
  before(async () => {
    database = await openTestDatabase();
    accounts = new TestAccounts(database);
    admin = await accounts.someone('admin');
    user = await accounts.someone('power');
  }).timeout(60_000);
  after(() => database.close());

  const place = { access: 'ssh', auth: 'user-keys', accessConf: {}, conf: {} } as const;
  const made = async (
    owner: Owner,
    kind: 'computing' | 'storage' = 'computing',
    more: object = {},
  ): Promise<string> => {
    const em = database.em();
    const values = { id: randomUUID(), name: 'x', ...place, ...ownerColumns(owner), ...more };
    const row =
      kind === 'computing'
        ? em.create(Computing, { ...values, driver: 'slurm', engines: [] } as never)
        : em.create(Storage, { ...values, backend: 'posix', target: '/x', readOnly: false } as never);
    await em.persist(row).flush();
    return values.id;
  };
  const guarded = () => new GuardedResources(database, () => now);

  it('are those of users and groups, and those that nobody knows', async () => {
    const group = await accounts.groups.create(admin, 'Observers');
    const owners: readonly (readonly [Owner, boolean])[] = [
      [{ kind: 'platform' }, false],
      [{ kind: 'user', id: admin.id }, false],
      [{ kind: 'user', id: user.id }, true],
      [{ kind: 'group', id: group.id }, true],
    ];
    for (const [owner, isGuarded] of owners) {
      for (const kind of ['computing', 'storage'] as const) {
        assert.equal(await guarded().has(await made(owner, kind)), isGuarded, `${kind} of ${owner.kind}`);
        assert.equal(await guarded().has(await made(owner, kind, { declaredAs: randomUUID() })), false);
      }
    }
    assert.equal(await guarded().has(randomUUID()), true);
  });

  it('follow their owners within seconds', async () => {
    const somebody = await accounts.someone('admin');
    const id = await made({ kind: 'user', id: somebody.id });
    const resources = guarded();
    assert.equal(await resources.has(id), false);
    await accounts.users.change(admin, somebody.id, { role: 'standard' });
    now += 10_001;
    assert.equal(await resources.has(id), true);
  });

  it('are told to whoever opens them, by the resource that they are reached through', async () => {
    const asked: AccessTarget[] = [];
    const method = {
      title: 'SSH',
      auth: ['user-keys'],
      open: async (target: AccessTarget) => {
        asked.push(target);
        return {} as Host;
      },
    } as unknown as AccessMethod;
    const [own, theirs] = [await made({ kind: 'platform' }), await made({ kind: 'user', id: user.id })];
    const resources = guarded();
    const hosts = new AccessHosts(registryOf({ ssh: method }), (id) => resources.has(id));
    for (const target of [{ id: own }, { id: theirs }, { id: own, through: theirs }]) {
      await hosts.open({ ...target, ...place }, testCall());
    }
    assert.deepEqual(
      asked.map(({ isGuarded }) => isGuarded),
      [false, true, true],
    );
  });
});
