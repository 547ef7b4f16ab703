import assert from 'node:assert/strict';
import {
  type ComputingDriver,
  type ComputingResource,
  hasCode,
  type OpenStorage,
  type StorageBackend,
  type StorageResource,
} from '@stele/sdk';
import type { NewStorage } from '@stele/sdk/api';
import type { Viewer } from '../accounts/index.ts';
import { TestAccounts } from '../accounts/testing.ts';
import { Computings } from '../computing/index.ts';
import { EventBus } from '../events.ts';
import { Computing, type Database, Storage } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { OwnedStore } from '../owned/index.ts';
import { KeyPairs, StoredAccounts } from '../remote/index.ts';
import { callOf, Doorman, farComputing, testBox } from '../remote/testing.ts';
import { registryOf } from '../tasks/testing.ts';
import { Storages } from './storage.ts';

describe('a storage that is reached through its computing', () => {
  let database: Database;
  let storages: Storages;
  let computings: Computings;
  let admin: Viewer;
  let ada: Viewer;
  let far: Computing;
  let doorman: Doorman;
  let backend: StorageBackend;
  let opened: StorageResource[];

  before(async () => void (database = await openTestDatabase())).timeout(60_000);
  after(() => database.close());
  beforeEach(async () => {
    const accounts = new TestAccounts(database);
    doorman = new Doorman(new StoredAccounts(database, new KeyPairs({ database, secrets: testBox, site: 'here' })));
    const methods = registryOf({ far: doorman.method });
    const store = new OwnedStore(database, Computing, 'computing', new EventBus());
    computings = new Computings(store, registryOf({ far: doorman.driver }), methods, testBox, async () => undefined);
    opened = [];
    backend = {
      title: 'Files',
      accepts: [
        { access: 'far', auth: ['user-keys', 'platform-keys'] },
        { access: 'here', auth: ['none'] },
      ],
      conf: { type: 'object' },
      open: async (storage) => (opened.push(storage), {} as OpenStorage),
    } as Partial<StorageBackend> as StorageBackend;
    const rows = new OwnedStore(database, Storage, 'storage', new EventBus());
    const backends = registryOf({ files: backend });
    storages = new Storages({ store: rows, backends, methods, computings, secrets: testBox });
    [admin, ada] = [await accounts.someone('admin'), await accounts.someone()];
    far = await farComputing(database);
  });

  const wish = (computing: Computing | undefined = far): NewStorage => ({
    ...{ name: 'Home', backend: 'files', access: 'computing', owner: { kind: 'platform' } },
    ...(computing ? { computing: computing.id } : {}),
  });
  const own = (storage: NewStorage): NewStorage => ({ ...storage, owner: { kind: 'user', id: ada.id } });

  it('is on its host, in its name', async () => {
    const { id } = await storages.create(admin, wish());
    await storages.open(ada, id, callOf(ada));
    const [seen] = opened;
    assert.deepEqual(
      [seen?.id, seen?.through, seen?.access, seen?.auth, seen?.accessConf],
      [id, far.id, 'far', 'user-keys', far.accessConf],
    );
  });

  it('follows its computing to another address', async () => {
    const { id } = await storages.create(admin, wish());
    await computings.update(admin, far.id, { accessConf: { hostKeys: ['ssh-ed25519 CCCC'] } });
    await storages.open(ada, id, callOf(ada));
    assert.deepEqual(opened[0]?.accessConf, { hostKeys: ['ssh-ed25519 CCCC'] });
  });

  it('keeps and shows no settings of the computing’s access', async () => {
    const row = await storages.create(admin, { ...wish(), accessConf: { hostKeys: ['ssh-ed25519 MINE'] } });
    const { access, auth, accessConf } = storages.view(admin, row, new Map() as never);
    assert.deepEqual([access, auth, accessConf], ['computing', 'user-keys', {}]);
  });

  it('needs a computing, of a kind that its backend works with', async () => {
    const needsOne = (error: unknown): boolean => hasCode(error, 'INVALID') && error.field === 'computing';
    await assert.rejects(storages.create(admin, { name: 'x', backend: 'files', access: 'computing' }), needsOne);
    const { id } = await storages.create(admin, wish());
    await assert.rejects(storages.update(admin, id, { computing: null }), needsOne);
    const local = await farComputing(database, { auth: 'none' });
    await assert.rejects(
      storages.create(admin, wish(local)),
      (error) => hasCode(error, 'INVALID') && error.field === 'access',
    );
  });

  it('is set up by who manages the computing alone', async () => {
    await assert.rejects(storages.create(ada, own(wish())), (error) => hasCode(error, 'DENIED'));
    assert(await storages.create(ada, own(wish(await farComputing(database, { owner: ada })))));
  });

  it('does not lend the platform’s own credentials to who manages the computing', async () => {
    const theirs = await farComputing(database, { auth: 'platform-keys', owner: ada });
    await assert.rejects(
      storages.create(ada, own(wish(theirs))),
      (error) => hasCode(error, 'DENIED') && error.field === 'auth',
    );
    // Nor does it come by them later.
    const mine = await farComputing(database, { owner: ada });
    const { id } = await storages.create(ada, own(wish(mine)));
    await computings.update(admin, mine.id, { auth: 'platform-keys' });
    await assert.rejects(storages.open(ada, id, callOf(ada)), (error) => hasCode(error, 'CONFLICT'));
    assert.deepEqual(opened, []);
  });

  it('tells its backend what the platform’s own rights must not show', async () => {
    const driver = {
      ...doorman.driver,
      keeps: ({ conf: { folder } }: ComputingResource) => (typeof folder === 'string' ? [folder] : []),
    };
    const known = registryOf({ far: driver as ComputingDriver });
    const distant = registryOf({ far: doorman.method });
    computings = new Computings(computings.store, known, distant, testBox, async () => undefined);
    const methods = registryOf({ far: doorman.method, here: { ...doorman.method, isHere: true } });
    const own = ['/data/secret.key'];
    const parts = { store: storages.store, backends: registryOf({ files: backend }), methods, computings };
    storages = new Storages({ ...parts, secrets: testBox, platforms: own });
    const ours = await farComputing(database, { auth: 'platform-keys', conf: { folder: '/jobs' } });
    await farComputing(database, { conf: { folder: '/of-users' } });
    const here: NewStorage = { ...wish(), access: 'here', auth: 'none' };
    for (const storage of [wish(far), wish(ours), here]) {
      const { id } = await storages.create(admin, storage);
      await storages.open(ada, id, callOf(ada));
    }
    assert.deepEqual(
      opened.map(({ apart }) => apart),
      [undefined, ['/jobs'], ['/data/secret.key', '/jobs']],
    );
  });

  it('says so when its computing is gone', async () => {
    const { id } = await storages.create(admin, wish());
    await computings.remove(admin, far.id);
    await assert.rejects(storages.open(ada, id, callOf(ada)), (error) => hasCode(error, 'INVALID'));
  });
});
