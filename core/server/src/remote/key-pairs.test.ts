import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import ssh2 from 'ssh2';
import type { Viewer } from '../accounts/index.ts';
import { TestAccounts } from '../accounts/testing.ts';
import { type Database, KeyPair, secretBox, User } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { KeyPairs } from './key-pairs.ts';
import { testBox } from './testing.ts';

describe('SSH keys', () => {
  let database: Database;
  let accounts: TestAccounts;
  let keys: KeyPairs;
  let ada: Viewer;

  before(async () => void (database = await openTestDatabase())).timeout(60_000);
  after(() => database.close());
  beforeEach(async () => {
    accounts = new TestAccounts(database);
    keys = new KeyPairs({ database, secrets: testBox, site: 'stele.example.org' });
    ada = await accounts.someone();
  });

  const raw = (table = 'key_pairs'): Promise<Record<string, unknown>[]> =>
    database.orm.em.getConnection().execute(`select * from ${table}`);

  it('are made on first use, once, and say whose they are', async () => {
    assert.deepEqual(await keys.list(ada), []);
    const all = await Promise.all(Array.from({ length: 8 }, () => keys.current(ada)));
    assert.equal(new Set(all.map(({ id }) => id)).size, 1);
    const [key] = all;
    assert(key);
    assert.equal(key.name, `stele:${ada.username}@stele.example.org`);
    const read = ssh2.utils.parseKey(keys.open(key));
    assert(!(read instanceof Error));
    assert.equal(`ssh-ed25519 ${read.getPublicSSH().toString('base64')}`, key.publicKey);
  });

  it('are one for the platform, also when many begin at once', async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => keys.current('platform')));
    assert.equal(new Set(all.map(({ id }) => id)).size, 1);
    assert.equal(all[0]?.name, 'stele@stele.example.org');
    assert.equal(await database.em().count(KeyPair, { user: null }), 1);
  });

  it('are each user’s own', async () => {
    const grace = await accounts.someone();
    const [hers, his] = [await keys.current(grace), await keys.current(ada)];
    assert.notEqual(hers.publicKey, his.publicKey);
    assert.deepEqual(
      (await keys.list(ada)).map(({ id }) => id),
      [his.id],
    );
  });

  it('are sealed where they are kept: no part of a private half is in the database', async () => {
    const key = await keys.current(ada);
    const text = JSON.stringify(await raw());
    const seed = seedOf(keys.open(key), key.publicKey);
    for (const coding of ['hex', 'base64', 'base64url', 'latin1'] as const)
      assert(!text.includes(seed.toString(coding)));
    for (const line of keys.open(key).split('\n').slice(3, -2)) assert(!text.includes(line), line);
    assert(!text.includes('OPENSSH'));
    assert(!JSON.stringify(key).includes('privateKey'), 'and an answer made of the row would not have it');
  });

  it('can’t be opened from another’s row, or with another secret key', async () => {
    const [mine, hers] = [await keys.current(ada), await keys.current(await accounts.someone())];
    const swapped = Object.assign(new KeyPair(), { id: mine.id, privateKey: hers.privateKey });
    assert.throws(
      () => keys.open(swapped),
      (error) => hasCode(error, 'DENIED'),
    );
    const secrets = secretBox('another secret key that is long enough 0123456789');
    const elsewhere = new KeyPairs({ database, secrets, site: 'x' });
    assert.throws(
      () => elsewhere.open(mine),
      (error) => hasCode(error, 'DENIED'),
    );
  });

  it('are replaced, the one before being kept until it is let go', async () => {
    const first = await keys.current(ada);
    const second = await keys.rotate(ada);
    assert.notEqual(first.publicKey, second.publicKey);
    assert.deepEqual(
      (await keys.list(ada)).map(({ id, slot }) => [id, slot]),
      [
        [second.id, 'current'],
        [first.id, 'previous'],
      ],
    );
    assert.equal((await keys.current(ada)).id, second.id);
    await assert.rejects(keys.rotate(ada), (error) => hasCode(error, 'CONFLICT'));
    await keys.dropPrevious(ada);
    assert.deepEqual(
      (await keys.list(ada)).map(({ id }) => id),
      [second.id],
    );
    await assert.rejects(keys.dropPrevious(ada), (error) => hasCode(error, 'NOT_FOUND'));
  });

  it('are replaced once by two who do it at once', async () => {
    await keys.current(ada);
    const both = await Promise.allSettled([keys.rotate(ada), keys.rotate(ada)]);
    assert.deepEqual(both.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected']);
    assert.equal((await keys.list(ada)).length, 2);
  });

  it('of others stay when one’s own are dropped', async () => {
    const grace = await accounts.someone();
    for (const one of [ada, grace]) {
      await keys.current(one);
      await keys.rotate(one);
    }
    await keys.dropPrevious(ada);
    assert.deepEqual([(await keys.list(ada)).length, (await keys.list(grace)).length], [1, 2]);
  });

  it('have no certificate of another key', async () => {
    await assert.rejects(keys.certify(ada, 'x'), (error) => hasCode(error, 'NOT_FOUND'));
    await keys.current(ada);
    await assert.rejects(keys.certify(ada, 'x'), (error) => hasCode(error, 'INVALID'));
    assert.equal((await keys.certify(ada, null)).certificate, null);
  });

  it('go with their user', async () => {
    const { id } = await keys.current(ada);
    await database.orm.em.getConnection().execute('delete from external_identities where user_id = ?', [ada.id]);
    await database.em().nativeDelete(User, { id: ada.id });
    assert.equal(await database.em().count(KeyPair, { id }), 0);
  });
});

/** The 32 secret bytes: those before the last copy of the public half. */
function seedOf(file: string, publicKey: string): Buffer {
  const bytes = Buffer.from(file.split('\n').slice(1, -2).join(''), 'base64');
  const open = Buffer.from(publicKey.split(' ')[1] ?? '', 'base64').subarray(-32);
  const at = bytes.lastIndexOf(open);
  assert(at > 32);
  return bytes.subarray(at - 32, at);
}
