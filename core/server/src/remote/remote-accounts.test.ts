import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import type { Viewer } from '../accounts/index.ts';
import { TestAccounts } from '../accounts/testing.ts';
import { type Computing, type Database, ownerColumns, Storage } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { KeyPairs } from './key-pairs.ts';
import { OwnAccounts } from './own-accounts.ts';
import { StoredAccounts } from './remote-accounts.ts';
import { callOf, computingsBehind, Doorman, farComputing, testBox } from './testing.ts';

describe('remote accounts', () => {
  let database: Database;
  let accounts: TestAccounts;
  let keys: KeyPairs;
  let service: StoredAccounts;
  let doorman: Doorman;
  let own: OwnAccounts;
  let notes: (string | undefined)[];
  let ada: Viewer;
  let far: Computing;

  before(async () => void (database = await openTestDatabase())).timeout(60_000);
  after(() => database.close());
  beforeEach(async () => {
    accounts = new TestAccounts(database);
    keys = new KeyPairs({ database, secrets: testBox, site: 'here' });
    service = new StoredAccounts(database, keys);
    doorman = new Doorman(service);
    notes = [];
    own = new OwnAccounts(database, computingsBehind(database, doorman, notes), keys);
    ada = await accounts.someone();
    far = await farComputing(database);
  });

  const target = (resource: string, auth: 'user-keys' | 'platform-keys' | 'none' = 'user-keys') => ({ resource, auth });
  const letIn = async (viewer: Viewer, name = viewer.username): Promise<void> => {
    const privateKey = keys.open(await keys.current(viewer));
    doorman.lets.set(name, new Set([...(doorman.lets.get(name) ?? []), privateKey]));
  };
  const check = (viewer = ada) => own.check(viewer, far.id, callOf(viewer));

  describe('as access methods are told of them', () => {
    it('are the caller’s key, and no name where nobody said one', async () => {
      const { key, previous, username } = await service.of(target(far.id), callOf(ada));
      assert.deepEqual(
        [key.privateKey, previous, username],
        [keys.open(await keys.current(ada)), undefined, undefined],
      );
    });

    it('are the caller’s own: nobody logs in with another’s key or name', async () => {
      const grace = await accounts.someone();
      await own.name(ada, far.id, 'ada');
      const [mine, hers] = [
        await service.of(target(far.id), callOf(ada)),
        await service.of(target(far.id), callOf(grace)),
      ];
      assert.equal(mine.username, 'ada');
      assert.equal(hers.username, undefined);
      assert.notEqual(mine.key.privateKey, hers.key.privateKey);
    });

    it('are the platform’s key, without a name, where the platform’s own is used', async () => {
      const forUser = await service.of(target(far.id, 'platform-keys'), callOf(ada));
      const forPlatform = await service.of(target(far.id, 'platform-keys'), callOf());
      assert.deepEqual(forUser, forPlatform);
      assert.equal(forUser.username, undefined);
      assert.equal(forUser.key.privateKey, keys.open(await keys.current('platform')));
    });

    it('are refused to the platform where users’ keys are used, and where no keys are used', async () => {
      await assert.rejects(
        service.of(target(far.id), callOf()),
        (error) => hasCode(error, 'DENIED') && /each user’s own key/.test(error.message),
      );
      await assert.rejects(
        service.of(target(far.id, 'none'), callOf(ada)),
        (error) => hasCode(error, 'UNSUPPORTED') && error.field === 'auth',
      );
    });

    it('are those of the computing that a storage belongs to', async () => {
      const em = database.em();
      const storage = em.create(Storage, {
        ...{ name: 'Home', backend: 'posix', access: 'far', auth: 'user-keys', computing: far.id },
        ...ownerColumns({ kind: 'platform' }),
      } as never);
      await em.persist(storage as object).flush();
      await own.name(ada, far.id, 'lovelace');
      assert.equal((await service.of(target((storage as Storage).id), callOf(ada))).username, 'lovelace');
    });

    it('have the key before as well, until it is let go', async () => {
      const first = keys.open(await keys.current(ada));
      await keys.rotate(ada);
      assert.equal((await service.of(target(far.id), callOf(ada))).previous?.privateKey, first);
      const trial = await service.of(target(far.id), { ...callOf(ada), isTrial: true });
      assert.deepEqual([trial.key.privateKey === first, trial.previous], [false, undefined], 'not in a trial');
      await keys.dropPrevious(ada);
      assert.equal((await service.of(target(far.id), callOf(ada))).previous, undefined);
    });
  });

  describe('on the page', () => {
    it('are those of resources that the viewer may use with a key of their own', async () => {
      const others = await farComputing(database, { owner: await accounts.someone() });
      const platforms = await farComputing(database, { auth: 'platform-keys' });
      const ids = (await own.list(ada)).map(({ id }) => id);
      assert(ids.includes(far.id));
      assert(!ids.includes(others.id) && !ids.includes(platforms.id));
      await assert.rejects(own.name(ada, others.id, 'x'), (error) => hasCode(error, 'NOT_FOUND'));
      await assert.rejects(own.check(ada, others.id, callOf(ada)), (error) => hasCode(error, 'NOT_FOUND'));
      await assert.rejects(own.name(ada, platforms.id, 'x'), (error) => hasCode(error, 'UNSUPPORTED'));
      const admin = await accounts.someone('admin');
      await assert.rejects(own.check(admin, others.id, callOf(admin)), (error) => hasCode(error, 'DENIED'));
    });

    it('say what is missing before, after, and when they work', async () => {
      const [before] = (await own.list(ada)).filter(({ id }) => id === far.id);
      assert.equal(before?.state, 'unchecked');
      assert.match(before.missing ?? '', /authorized_keys/);
      const refused = await check();
      assert.equal(refused.state, 'failing');
      assert.match(refused.reason ?? '', /does not let/);
      const { publicKey, name } = await keys.current(ada);
      assert.equal(refused.line, `${publicKey} ${name}`);
      await letIn(ada);
      const works = await check();
      assert.deepEqual([works.state, works.missing, works.reason, works.line], ['ok', undefined, undefined, undefined]);
      assert.equal((await own.list(ada)).find(({ id }) => id === far.id)?.state, 'ok');
    });

    it('know another name at once, and what was found before is forgotten', async () => {
      await letIn(ada, 'lovelace');
      assert.equal((await check()).state, 'failing');
      const named = await own.name(ada, far.id, 'lovelace');
      assert.deepEqual([named.username, named.state], ['lovelace', 'unchecked']);
      assert.equal((await check()).state, 'ok');
      const unnamed = await own.name(ada, far.id, null);
      assert.deepEqual([unnamed.username, unnamed.fallback, unnamed.state], [undefined, ada.username, 'unchecked']);
    });

    it('stay usable while a key is being replaced', async () => {
      await letIn(ada);
      await keys.rotate(ada);
      const between = await check();
      const { publicKey, name } = await keys.current(ada);
      assert.deepEqual([between.state, between.line], ['replacing', `${publicKey} ${name}`], 'by the key before');
      assert.match(between.missing ?? '', /authorized_keys.*key before/);
      assert.match(between.reason ?? '', /does not let/);
      assert.equal((await own.list(ada)).find(({ id }) => id === far.id)?.state, 'replacing');
      await letIn(ada);
      assert.equal((await check()).state, 'ok', 'by both');
      await keys.dropPrevious(ada);
      assert.equal((await check()).state, 'ok', 'by the new one');
      await keys.rotate(ada);
      await keys.dropPrevious(ada);
      assert.equal((await check()).state, 'failing', 'that nobody has added');
    });

    it('of one user say nothing of the resource to others', async () => {
      await check();
      assert.deepEqual(notes, []);
      doorman.isUp = false;
      const away = await check();
      assert.match(away.missing ?? '', /later/);
      assert.deepEqual(notes, ['Nothing answers there.']);
      doorman.isUp = true;
      doorman.isAnother = true;
      assert.match((await check()).missing ?? '', /settings/);
      assert.deepEqual(notes.slice(1), ['Another key.'], 'which is nobody’s account');
    });

    it('need the host’s key pinned first, which is whoever looks after the resource’s matter', async () => {
      const fresh = await farComputing(database, { isPinned: false });
      const item = await own.check(ada, fresh.id, callOf(ada));
      assert.match(item.missing ?? '', /settings/);
      assert.equal(item.line, undefined);
    });
  });

  describe('and the check of a resource', () => {
    it('offers the key that the host showed to who may change it, and to nobody else', async () => {
      const computings = computingsBehind(database, doorman);
      const fresh = await farComputing(database, { isPinned: false });
      const admin = await accounts.someone('admin');
      const [seen, told] = [
        await computings.check(admin, fresh, callOf(admin)),
        await computings.check(ada, fresh, callOf(ada)),
      ];
      assert.deepEqual(seen.offer, { field: 'accessConf.hostKeys', value: ['ssh-ed25519 AAAA'] });
      assert.deepEqual([told.ok, told.code, told.offer], [false, 'INVALID', undefined]);
      await computings.update(admin, fresh.id, { accessConf: { hostKeys: seen.offer?.value } });
      await letIn(ada);
      assert.equal((await own.check(ada, fresh.id, callOf(ada))).state, 'ok');
    });

    it('says while the platform’s key is being replaced whether the new one is known, to who may change it', async () => {
      const computings = computingsBehind(database, doorman, notes, keys);
      const platforms = await farComputing(database, { auth: 'platform-keys' });
      const admin = await accounts.someone('admin');
      const checkAs = (viewer: Viewer) => computings.check(viewer, platforms, callOf(viewer));
      const letPlatformIn = async (viewer: Viewer) => {
        const privateKey = keys.open(await keys.current('platform'));
        doorman.lets.set(viewer.username, new Set([...(doorman.lets.get(viewer.username) ?? []), privateKey]));
      };
      for (const viewer of [admin, ada]) await letPlatformIn(viewer);
      const before = doorman.seen.length;
      assert.equal((await checkAs(admin)).reason, undefined);
      assert.equal(doorman.seen.length - before, 1, 'no trial without need');
      await keys.rotate('platform');
      try {
        const between = await checkAs(admin);
        assert.equal(between.ok, true);
        assert.match(between.reason ?? '', /new SSH key is not known there yet.*Account → SSH/);
        assert.deepEqual(notes, [undefined, undefined], 'the resource is well');
        const { ok, reason } = await checkAs(ada);
        assert.deepEqual([ok, reason], [true, undefined], 'who can’t do anything about it');
        await letPlatformIn(admin);
        const after = await checkAs(admin);
        assert.deepEqual([after.ok, after.reason], [true, undefined]);
      } finally {
        await keys.dropPrevious('platform');
      }
    });

    it('says when it could not find out whether the new key is known', async () => {
      const computings = computingsBehind(database, doorman, notes, keys);
      const platforms = await farComputing(database, { auth: 'platform-keys' });
      const admin = await accounts.someone('admin');
      doorman.lets.set(admin.username, new Set([keys.open(await keys.current('platform'))]));
      await keys.rotate('platform');
      try {
        doorman.isUpForTrials = false;
        const { ok, reason } = await computings.check(admin, platforms, callOf(admin));
        assert.equal(ok, true);
        assert.match(reason ?? '', /could not be found out: Nothing answers there/);
      } finally {
        await keys.dropPrevious('platform');
      }
    });
  });
});
