import assert from 'node:assert/strict';
import { type AccessMethod, hasCode, type JsonObject, type StorageBackend } from '@stele/sdk';
import type { Viewer } from '../accounts/index.ts';
import { TestAccounts } from '../accounts/testing.ts';
import { Computings } from '../computing/index.ts';
import { EventBus } from '../events.ts';
import { Computing, type Database, Storage } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { OwnedStore } from '../owned/index.ts';
import { Storages } from '../storage/index.ts';
import { registryOf } from '../tasks/testing.ts';
import { OwnCredentials } from './own-credentials.ts';
import { StoredCredentials } from './stored-credentials.ts';
import { callOf, testBox } from './testing.ts';

const token = { type: 'string', minLength: 3, 'x-secret': true };
const backend = {
  title: 'Api',
  accepts: [{ access: 'api', auth: ['user-token', 'platform-token'] }],
  conf: { type: 'object', properties: { url: { type: 'string', 'x-address': true }, note: { type: 'string' } } },
  credentials: {
    type: 'object',
    properties: { name: { type: 'string' }, token },
    required: ['name', 'token'],
    additionalProperties: false,
  },
} as Partial<StorageBackend> as StorageBackend;

describe('credentials', () => {
  let database: Database;
  let storages: Storages;
  let own: OwnCredentials;
  let service: StoredCredentials;
  let accounts: TestAccounts;
  let admin: Viewer;
  let ada: Viewer;

  before(async () => void (database = await openTestDatabase())).timeout(60_000);
  after(() => database.close());
  beforeEach(async () => {
    accounts = new TestAccounts(database);
    [admin, ada] = [await accounts.someone('admin'), await accounts.someone()];
    const [methods, bus, secrets] = [registryOf<AccessMethod>({}), new EventBus(), testBox];
    const store = new OwnedStore(database, Computing, 'computing', bus);
    const computings = new Computings(store, registryOf({}), methods, secrets, async () => undefined);
    const rows = new OwnedStore(database, Storage, 'storage', bus);
    storages = new Storages({ store: rows, backends: registryOf({ api: backend }), methods, computings, secrets });
    own = new OwnCredentials({ database, secrets, computings, storages });
    service = new StoredCredentials(database, secrets, () => ({ conf: backend.conf }));
  });

  const make = async (auth: 'user-token' | 'platform-token', more: object = {}): Promise<string> => {
    const wish = { name: 'Api', backend: 'api', access: 'api', auth, conf: { url: 'here' }, ...more };
    const { id } = await storages.create(admin, { ...wish, owner: { kind: 'platform' } });
    return id;
  };
  const asked = (id: string, auth: 'user-token' | 'platform-token' | 'none', viewer?: Viewer) =>
    service.of({ id, auth }, callOf(viewer));
  const denied = (words: RegExp) => (error: unknown) => hasCode(error, 'DENIED') && words.test(error.message);
  const everything = async (): Promise<string> => {
    const connection = database.orm.em.getConnection();
    const all = [
      await connection.execute('select * from own_credentials'),
      await connection.execute('select * from storages'),
    ];
    return JSON.stringify(all);
  };

  describe('of users', () => {
    it('are theirs alone, sealed, and never shown again', async () => {
      const id = await make('user-token');
      await assert.rejects(asked(id, 'user-token', ada), denied(/account page/));
      const item = await own.put(ada, id, { name: 'ada', token: 't0k3n' });
      assert.deepEqual([item.state, item.values, item.secrets], ['set', { name: 'ada' }, ['token']]);
      assert.deepEqual(await asked(id, 'user-token', ada), { name: 'ada', token: 't0k3n' });
      await assert.rejects(asked(id, 'user-token', admin), denied(/account page/));
      await assert.rejects(asked(id, 'user-token'), denied(/as a user/));
      assert(!(await everything()).includes('t0k3n'));
      assert(!JSON.stringify([item, await own.list(ada)]).includes('t0k3n'));
    });

    it('keep what a change does not name, and are checked', async () => {
      const id = await make('user-token');
      await own.put(ada, id, { name: 'ada', token: 't0k3n' });
      await own.put(ada, id, { name: 'lovelace' });
      assert.deepEqual(await asked(id, 'user-token', ada), { name: 'lovelace', token: 't0k3n' });
      for (const values of [{ token: null }, { token: 'x' }, { other: 'x' }] as JsonObject[]) {
        await assert.rejects(own.put(ada, id, values), (error) => hasCode(error, 'INVALID'));
      }
      await own.remove(ada, id);
      assert.equal((await own.list(ada)).find((item) => item.id === id)?.state, 'missing');
    });

    it('go nowhere when the resource is at another address', async () => {
      const id = await make('user-token');
      await own.put(ada, id, { name: 'ada', token: 't0k3n' });
      await storages.update(admin, id, { conf: { url: 'here', note: 'x' } });
      await asked(id, 'user-token', ada);
      await storages.update(admin, id, { conf: { url: 'https://evil.example' } });
      await assert.rejects(asked(id, 'user-token', ada), denied(/another address/));
      assert.equal((await own.list(ada)).find((item) => item.id === id)?.state, 'moved');
      await assert.rejects(own.put(ada, id, { name: 'ada' }), (error) => hasCode(error, 'INVALID'), 'nothing is kept');
    });

    it('are asked for what the viewer may use, and takes them', async () => {
      const theirs = await storages.create(ada, { name: 'Mine', backend: 'api', access: 'api', auth: 'user-token' });
      const platforms = await make('platform-token', { credentials: { name: 'p', token: 'abc' } });
      const ids = (await own.list(admin)).map(({ id }) => id);
      assert(!ids.includes(theirs.id) && !ids.includes(platforms));
      const grace = await accounts.someone();
      await assert.rejects(own.put(grace, theirs.id, {}), (error) => hasCode(error, 'NOT_FOUND'));
      await assert.rejects(own.put(ada, platforms, {}), (error) => hasCode(error, 'UNSUPPORTED'));
    });
  });

  describe('of the platform', () => {
    const credentials = { name: 'p', token: 's3cr3t' };

    it('come with the resource, and are in no answer', async () => {
      const id = await make('platform-token', { credentials });
      assert.deepEqual(await asked(id, 'platform-token', ada), credentials);
      assert.deepEqual(await asked(id, 'platform-token'), credentials);
      const view = storages.view(admin, await storages.store.get(admin, id, 'see'), new Map());
      assert.deepEqual(view.secrets, ['credentials.name', 'credentials.token']);
      assert(!(JSON.stringify(view) + (await everything())).includes('s3cr3t'));
    });

    it('are needed, and set by administrators alone', async () => {
      await assert.rejects(make('platform-token'), (error) => hasCode(error, 'INVALID'));
      const wish = { name: 'x', backend: 'api', access: 'api', auth: 'platform-token', credentials } as const;
      await assert.rejects(storages.create(ada, wish), (error) => hasCode(error, 'DENIED'));
    });

    it('stay with a change of something else, and not at another address', async () => {
      const id = await make('platform-token', { credentials });
      await storages.update(admin, id, { name: 'Other', conf: { url: 'here', note: 'x' } });
      assert.deepEqual(await asked(id, 'platform-token'), credentials);
      await storages.update(admin, id, { credentials: { token: 'other' } });
      assert.deepEqual(await asked(id, 'platform-token'), { ...credentials, token: 'other' });
      const moved = storages.update(admin, id, { conf: { url: 'https://evil.example' } });
      await assert.rejects(
        moved,
        (error) => hasCode(error, 'INVALID') && error.field?.startsWith('credentials') === true,
      );
    });

    it('are not lent to who is to have their own', async () => {
      const id = await make('platform-token', { credentials });
      await storages.update(admin, id, { auth: 'user-token' });
      await assert.rejects(asked(id, 'user-token', ada), denied(/account page/));
      await assert.rejects(asked(id, 'none', ada), (error) => hasCode(error, 'UNSUPPORTED'));
      assert.deepEqual(storages.view(admin, await storages.store.get(admin, id, 'see'), new Map()).secrets, []);
    });
  });
});
