import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AccessMethod, ComputingDriver } from '@stele/sdk';
import type { Viewer } from '../accounts/index.ts';
import { TestAccounts } from '../accounts/testing.ts';
import { EventBus } from '../events.ts';
import { Computing, type Database, Task } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { OwnedStore } from '../owned/index.ts';
import { makeScene, registryOf, testBox } from '../tasks/testing.ts';
import { Computings } from './computing.ts';

const admin: Viewer = { id: '00000000-0000-4000-8000-000000000000', username: 'admin', role: 'admin', groups: [] };

describe('making a computing resource', () => {
  let database: Database;
  before(async () => (database = await openTestDatabase()));
  after(() => database.close());

  it('is for administrators where the platform connects by itself, whosever the credentials', async () => {
    const accepts = [
      { access: 'api', auth: ['user-token'], isForAdmins: true },
      { access: 'far', auth: ['user-token'] },
    ] as const;
    const driver = { title: 'Api', accepts, conf: {} } as Partial<ComputingDriver> as ComputingDriver;
    const methods = registryOf({ far: { title: 'Far', conf: {} } as Partial<AccessMethod> as AccessMethod });
    const store = new OwnedStore(database, Computing, 'computing', new EventBus());
    const computings = new Computings(store, registryOf({ one: driver }), methods, testBox, async () => undefined);
    const accounts = new TestAccounts(database);
    const [ada, root] = [await accounts.someone(), await accounts.someone('admin')];
    const wish = { name: 'C', driver: 'one', auth: 'user-token' } as const;
    await assert.rejects(computings.create(ada, { ...wish, access: 'api' }), { code: 'DENIED', field: 'access' });
    const { id } = await computings.create(ada, { ...wish, access: 'far' });
    await assert.rejects(computings.update(ada, id, { access: 'api' }), { code: 'DENIED', field: 'access' });
    await computings.create(root, { ...wish, access: 'api' });
  });
});

describe('removing a computing resource', () => {
  let database: Database;
  before(async () => (database = await openTestDatabase()));
  after(() => database.close());

  it('waits for a launch that is under way, and is refused then', async () => {
    const { user, computing } = await makeScene(database);
    const store = new OwnedStore(database, Computing, 'computing', new EventBus());
    const computings = new Computings(store, registryOf({}), registryOf({}), testBox, async () => undefined);
    const em = database.em();
    await em.begin();
    em.create(Task, {
      key: 'launching0000001',
      name: 'T',
      owner: user.id,
      softwareName: 'S',
      computing: computing.id,
      computingName: 'There',
      launch: {},
    } as never);
    await em.flush();
    const removal = assert.rejects(computings.remove(admin, computing.id), { code: 'CONFLICT' });
    await sleep(200);
    await em.commit();
    await removal;
    const [task] = await database.em().find(Task, {});
    assert.equal(task?.computing?.id, computing.id);
  });
});
