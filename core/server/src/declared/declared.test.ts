import assert from 'node:assert/strict';
import { SteleError } from '@stele/sdk';
import { Computing, type Database, secretBox, Software, Storage } from '../model/index.ts';
import { credentialsOf, settingsOf } from '../secrets/index.ts';
import { openTestDatabase, testLog } from '../model/testing.ts';
import { Declared, type DeclaredParts } from './declared.ts';

describe('a declared site', () => {
  let database: Database;
  let declared: Declared;
  const left: unknown[] = [];
  const box = secretBox('1f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c');

  const kind: ReturnType<DeclaredParts['kindOf']> = {
    accepts: [
      { access: 'ssh', auth: ['user-keys', 'platform-keys'] },
      { access: 'local', auth: ['none'] },
    ],
    conf: { properties: { password: { 'x-secret': true } } },
  };

  before(async () => {
    database = await openTestDatabase();
    declared = new Declared({
      database,
      secrets: box,
      read: async (reference) => {
        if ('env' in reference) return `value of ${reference.env}`;
        throw new SteleError('NOT_FOUND', 'no such file');
      },
      kindOf: ({ driver }) => (driver === 'absent' ? undefined : kind),
      accessConfOf: () => undefined,
      log: { ...testLog, error: (_message, fields) => left.push(fields?.entry) },
    });
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

  it('is reached as its kind accepts first, as far as the entry doesn’t say', async () => {
    const wayOf = async (way: object): Promise<unknown> => {
      await declared.apply({ computing: [{ name: 'There', driver: 'slurm', ...way }] });
      const { access, auth } = await database.em().findOneOrFail(Computing, { declaredAs: 'There' });
      return [access, auth];
    };
    assert.deepEqual(await wayOf({}), ['ssh', 'user-keys']);
    assert.deepEqual(await wayOf({ access: 'local' }), ['local', 'none']);
    assert.deepEqual(await wayOf({ auth: 'platform-keys' }), ['ssh', 'platform-keys']);
    assert.deepEqual(await wayOf({ auth: 'none' }), ['local', 'none']);
    assert.deepEqual(left, []);
  });

  it('says so where only a plugin that isn’t active would know how it is reached', async () => {
    const absent = { name: 'Nobody’s', driver: 'absent' };
    await declared.apply({ computing: [absent] });
    assert.deepEqual(left, ['Nobody’s']);
    await declared.apply({ computing: [{ ...absent, access: 'ssh', auth: 'user-keys' }] });
    const { access, auth } = await database.em().findOneOrFail(Computing, { declaredAs: 'Nobody’s' });
    assert.deepEqual([access, auth, left], ['ssh', 'user-keys', ['Nobody’s']]);
  });

  it('takes credentials from the computing that a storage is reached through', async () => {
    const through = { ...storage, access: 'computing', computing: 'There' };
    await declared.apply({ computing: [{ ...computing[0], access: 'ssh', auth: 'user-keys' }], storages: [through] });
    const row = await files();
    assert.deepEqual([row?.access, row?.auth, left], ['computing', 'user-keys', []]);
    await declared.apply({ computing, storages: [{ ...storage, access: 'computing' }] });
    assert.deepEqual(left, ['Files']);
  });

  it('seals what the file leaves to others, and what is a secret by its schema', async () => {
    const settings = {
      accessConf: { key: { env: 'KEY' }, host: 'h' },
      conf: { password: 'p455', base: '/x' },
      credentials: { id: 'plain1d', token: { env: 'TOKEN' } },
    };
    await declared.apply({ computing: [{ ...computing[0], ...settings }] });
    const row = await database.em().findOneOrFail(Computing, { declaredAs: 'There' });
    assert.deepEqual([row.accessConf, row.conf], [{ host: 'h' }, { base: '/x' }]);
    assert.deepEqual(credentialsOf(box, row), { id: 'plain1d', token: 'value of TOKEN' });
    assert.deepEqual(settingsOf(box, row), {
      accessConf: { host: 'h', key: 'value of KEY' },
      conf: { base: '/x', password: 'p455' },
    });
    const kept = JSON.stringify(await database.orm.em.getConnection().execute('select * from computing'));
    assert(!/p455|value of|plain1d/.test(kept));
    await declared.apply({ computing });
    const now = await database.em().findOneOrFail(Computing, { declaredAs: 'There' });
    assert.equal(now.secrets ?? undefined, undefined, 'and forgets them with the entry’s words');
  });

  it('leaves out a second entry of one name, which would take the place of the first', async () => {
    const software = { name: 'Twice', image: 'lab', port: 80 };
    await declared.apply({ software: [software, { ...software, tag: '2' }] });
    assert.deepEqual(left, ['Twice']);
    assert.equal((await database.em().findOneOrFail(Software, { declaredAs: 'Twice' })).tag, 'latest');
  });

  it('leaves out what refers to nothing', async () => {
    await declared.apply({ computing: [{ ...computing[0], name: 'Lost', conf: { key: { file: '/none' } } }] });
    assert.deepEqual(left, ['Lost']);
  });

  it('leaves out a storage of a computing that it does not declare, and keeps the rest', async () => {
    const lost = { ...storage, name: 'Lost', computing: 'Nowhere' };
    await declared.apply({ computing, storages: [lost, storage] });
    assert.deepEqual(left, ['Lost']);
    assert(await files());
    assert.equal(await database.em().findOne(Storage, { name: 'Lost' }), null);
  });
});
