import assert from 'node:assert/strict';
import { type ComputingDriver, type ComputingResource, hasCode } from '@stele/sdk';
import type { ComputingPatch } from '@stele/sdk/api';
import type { Viewer } from '../accounts/index.ts';
import { TestAccounts } from '../accounts/testing.ts';
import { EventBus } from '../events.ts';
import { Computing, type Database } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { OwnedStore } from '../owned/index.ts';
import { callOf } from '../remote/testing.ts';
import { registryOf, testBox } from '../tasks/testing.ts';
import { Computings } from './computing.ts';

const secret = { type: 'string', minLength: 3, 'x-secret': true };
const conf = {
  type: 'object',
  properties: { url: { type: 'string' }, token: secret, key: secret },
  required: ['token'],
  additionalProperties: false,
};

describe('secret settings of a resource', () => {
  let database: Database;
  let computings: Computings;
  let admin: Viewer;
  let id: string;
  let seen: ComputingResource[];

  before(async () => void (database = await openTestDatabase())).timeout(60_000);
  after(() => database.close());
  beforeEach(async () => {
    seen = [];
    const driver = {
      title: 'Api',
      kind: 'cluster',
      accepts: [{ access: 'api', auth: ['platform-certificate'] }],
      conf,
      describe: async (resource) => {
        seen.push(resource);
        return { architectures: [], emulated: [], engines: [], facts: [], detail: {} };
      },
    } as Partial<ComputingDriver> as ComputingDriver;
    const store = new OwnedStore(database, Computing, 'computing', new EventBus());
    const drivers = registryOf({ one: driver, two: driver });
    computings = new Computings(store, drivers, registryOf({}), testBox, async () => undefined);
    admin = await new TestAccounts(database).someone('admin');
    const wish = { name: 'Far', driver: 'one', access: 'api', auth: 'platform-certificate' } as const;
    ({ id } = await computings.create(admin, { ...wish, conf: { url: 'u', token: 't0k3n', key: 'k3y' } }));
  });

  const patched = async (patch: ComputingPatch) => {
    const row = await computings.update(admin, id, patch);
    return computings.view(admin, row, new Map());
  };
  const told = async (): Promise<object> => {
    await computings.check(admin, await computings.store.get(admin, id, 'see'), callOf(admin));
    return seen.at(-1)?.conf ?? {};
  };

  it('are sealed in the database, in no answer, and plain for the driver', async () => {
    const row = await computings.store.get(admin, id, 'see');
    const view = computings.view(admin, row, new Map());
    assert.deepEqual([view.conf, view.secrets], [{ url: 'u' }, ['conf.token', 'conf.key']]);
    const rows = JSON.stringify(await database.orm.em.getConnection().execute('select * from computing'));
    for (const text of [rows, JSON.stringify(view), JSON.stringify(row)]) assert(!/t0k3n|k3y/.test(text));
    assert.deepEqual(await told(), { url: 'u', token: 't0k3n', key: 'k3y' });
  });

  it('stay when a change does not give them', async () => {
    assert.deepEqual((await patched({ name: 'Near' })).secrets, ['conf.token', 'conf.key']);
    assert.deepEqual((await patched({ conf: { url: 'v' } })).conf, { url: 'v' });
    assert.deepEqual(await told(), { url: 'v', token: 't0k3n', key: 'k3y' });
  });

  it('are replaced one by one, and removed by null', async () => {
    assert.deepEqual((await patched({ conf: { token: 'other', key: null } })).secrets, ['conf.token']);
    assert.deepEqual(await told(), { token: 'other' });
  });

  it('are checked by the schema as any other', async () => {
    const names = (field: string) => (error: unknown) => hasCode(error, 'INVALID') && error.field === field;
    await assert.rejects(patched({ conf: { token: null } }), names('conf.token'));
    await assert.rejects(patched({ conf: { key: 'x' } }), names('conf.key'));
  });

  it('of one kind are not another’s', async () => {
    await assert.rejects(patched({ driver: 'two' }), (error) => hasCode(error, 'INVALID'));
    assert.deepEqual((await patched({ driver: 'two', conf: { token: 'new' } })).secrets, ['conf.token']);
    assert.deepEqual(await told(), { token: 'new' });
  });

  it('are nobody’s business who may not change the resource', async () => {
    const row = await computings.store.get(admin, id, 'see');
    const view = computings.view(await new TestAccounts(database).someone(), row, new Map());
    assert.deepEqual([view.conf, view.secrets], [{}, []]);
  });
});
