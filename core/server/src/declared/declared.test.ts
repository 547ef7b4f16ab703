import assert from 'node:assert/strict';
import { type Database, Software, Storage } from '../model/index.ts';
import { openTestDatabase, testLog } from '../model/testing.ts';
import { Declared } from './declared.ts';

describe('a declared site', () => {
  let database: Database;
  let declared: Declared;
  const left: unknown[] = [];

  before(async () => {
    database = await openTestDatabase();
    declared = new Declared(database, { ...testLog, error: (_message, fields) => left.push(fields?.entry) });
  });
  after(() => database.close());
  afterEach(() => left.splice(0));

  const computing = [{ name: 'There', driver: 'standalone' }];
  const storage = { name: 'Files', backend: 'posix' };
  const files = async (): Promise<Storage | null> => database.em().findOne(Storage, { declaredAs: 'Files' });

  it('has no more what an entry no longer names', async () => {
    const software = { name: 'Lab', image: 'lab', port: 80 };
    const pinned = { digest: `sha256:${'0'.repeat(64)}`, architecture: 'arm64', env: { A: '1' } };
    await declared.apply({
      software: [{ ...software, ...pinned }],
      computing,
      storages: [{ ...storage, computing: 'There' }],
    });
    assert((await files())?.computing);
    await declared.apply({ software: [software], computing, storages: [storage] });
    const row = await database.em().findOneOrFail(Software, { declaredAs: 'Lab' });
    assert.deepEqual([row.digest, row.architecture, row.env], [undefined, undefined, {}]);
    assert.deepEqual([(await files())?.computing, left], [undefined, []]);
  });

  it('takes credentials from the computing that a storage is reached through', async () => {
    const through = { ...storage, access: 'computing', computing: 'There' };
    await declared.apply({ computing: [{ ...computing[0], access: 'ssh', auth: 'user-keys' }], storages: [through] });
    const row = await files();
    assert.deepEqual([row?.access, row?.auth, left], ['computing', 'user-keys', []]);
    await declared.apply({ computing, storages: [{ ...storage, access: 'computing' }] });
    assert.deepEqual(left, ['Files']);
  });

  it('leaves out a storage of a computing that it does not declare, and keeps the rest', async () => {
    const lost = { ...storage, name: 'Lost', computing: 'Nowhere' };
    await declared.apply({ computing, storages: [lost, storage] });
    assert.deepEqual(left, ['Lost']);
    assert(await files());
    assert.equal(await database.em().findOne(Storage, { name: 'Lost' }), null);
  });
});
