import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import { type Database, Session } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import type { AccountEvents } from './events.ts';
import { TestAccounts, TestClock } from './testing.ts';

const hour = 3_600_000;
const sessionLimits = { idle: 2 * hour, absolute: 10 * hour };

describe('accounts: sessions', () => {
  let database: Database;
  let clock: TestClock;
  let accounts: TestAccounts;
  let ended: AccountEvents['session-ended'][];

  before(async () => void (database = await openTestDatabase())).timeout(60_000);
  after(() => database.close());
  beforeEach(() => {
    clock = new TestClock();
    accounts = new TestAccounts(database, { now: clock.now, sessionLimits });
    ended = [];
    accounts.news.on('session-ended', (news) => ended.push(news));
  });

  it('prove who somebody is, with their role and groups', async () => {
    const admin = await accounts.someone('admin');
    const user = await accounts.someone('power');
    const group = await accounts.groups.create(admin, `group ${user.id}`);
    await accounts.groups.setMember(admin, group.id, user.id, 'manager');
    const session = await accounts.sessions.begin(user.id, {});
    const proven = await accounts.sessions.prove(session.token);
    assert.deepEqual(proven?.viewer, { ...user, groups: [{ id: group.id, role: 'manager' }] });
    assert.deepEqual([proven?.id, proven?.csrf], [session.id, session.csrf]);
    assert.deepEqual(await accounts.sessions.viewer(session.id), proven?.viewer);
  });

  it('are stored as a hash alone', async () => {
    const user = await accounts.someone();
    const { token, csrf, id } = await accounts.sessions.begin(user.id, {});
    assert.ok(Buffer.from(token, 'base64url').length >= 32);
    const rows = JSON.stringify(await database.orm.em.getConnection().execute('select * from sessions'));
    assert.ok(rows.includes(id) && !rows.includes(token) && !rows.includes(csrf));
    assert.notEqual(csrf, token);
  });

  it('are nobody’s for any other token', async () => {
    const user = await accounts.someone();
    const { token, id } = await accounts.sessions.begin(user.id, {});
    const row = await database.em().findOneOrFail(Session, { id });
    for (const wrong of ['', id, row.hash, token.slice(1), `${token}x`, token.toUpperCase(), `' or true --`]) {
      assert.equal(await accounts.sessions.prove(wrong), undefined, wrong);
    }
  });

  it('end with the provider that they began at, and no others do', async () => {
    const user = await accounts.someone();
    const other = await accounts.someone();
    const begin = async (id: string, provider?: string) =>
      (await accounts.sessions.begin(id, {}, undefined, provider === undefined ? {} : { provider })).id;
    await accounts.identities.entrust(user.id, 'local', user.id);
    await accounts.identities.link(user.id, 'kept', { issuer: 'kept', subject: user.id });
    const gone = [await begin(user.id, 'gone'), await begin(user.id, 'called otherwise since')];
    const rest = [await begin(user.id), await begin(user.id, 'local'), await begin(user.id, 'kept')];
    const others = await begin(other.id, 'gone');
    await accounts.sessions.endOf(user.id, 'gone');
    assert.deepEqual(new Set(ended.map(({ session }) => session)), new Set(gone));
    for (const id of [...rest, others]) assert(await accounts.sessions.viewer(id), id);
    // Another identity there may still be linked: which of the two a session began with, nobody knows.
    await accounts.sessions.endOf(user.id, 'kept');
    assert.equal(ended.length, 3);
  });

  it('end with what they began with', async () => {
    const user = await accounts.someone();
    const until = new Date(clock.now() + hour);
    const { token, expiresAt } = await accounts.sessions.begin(user.id, {}, undefined, { until });
    assert.deepEqual(expiresAt, until);
    clock.pass(hour);
    assert.equal(await accounts.sessions.prove(token), undefined);
    const late = { until: new Date(clock.now() + 100 * hour) };
    const longest = await accounts.sessions.begin(user.id, {}, undefined, late);
    assert.equal(longest.expiresAt.getTime(), clock.now() + sessionLimits.absolute, 'and never later than others');
  });

  it('end when they were idle', async () => {
    const user = await accounts.someone();
    const { token, id } = await accounts.sessions.begin(user.id, {});
    clock.pass(1.5 * hour);
    assert.ok(await accounts.sessions.prove(token), 'and each use begins the wait anew');
    clock.pass(1.5 * hour);
    await accounts.sessions.touch(id);
    clock.pass(1.9 * hour);
    assert.ok(await accounts.sessions.viewer(id));
    clock.pass(0.2 * hour);
    assert.equal(await accounts.sessions.prove(token), undefined);
    assert.equal(await accounts.sessions.viewer(id), undefined);
  });

  it('end after their longest time, however much they are used', async () => {
    const user = await accounts.someone();
    const { token } = await accounts.sessions.begin(user.id, {});
    for (let passed = 1; passed < 10; passed += 1) {
      clock.pass(hour);
      assert.ok(await accounts.sessions.prove(token), `after ${passed} h`);
    }
    clock.pass(hour);
    assert.equal(await accounts.sessions.prove(token), undefined);
  });

  it('are swept when they expired, with news of each', async () => {
    const user = await accounts.someone();
    const old = await accounts.sessions.begin(user.id, {});
    clock.pass(3 * hour);
    const young = await accounts.sessions.begin(user.id, {});
    await accounts.sweep();
    assert.ok(ended.some(({ session }) => session === old.id));
    assert.ok(!ended.some(({ session }) => session === young.id));
    assert.ok(await accounts.sessions.prove(young.token));
  });

  it('end at a new log-in from the same browser', async () => {
    const user = await accounts.someone();
    const planted = await accounts.sessions.begin(user.id, {});
    const fresh = await accounts.sessions.begin(user.id, {}, planted.token);
    assert.notEqual(fresh.token, planted.token);
    assert.equal(await accounts.sessions.prove(planted.token), undefined);
    assert.deepEqual(ended, [{ session: planted.id, user: user.id }]);
  });

  it('end one by one, all at once, and with the user', async () => {
    const [user, other] = [await accounts.someone(), await accounts.someone()];
    const begin = (id: string) => accounts.sessions.begin(id, {});
    const [one, two, three, foreign] = [
      await begin(user.id),
      await begin(user.id),
      await begin(user.id),
      await begin(other.id),
    ];
    await accounts.sessions.end(user.id, one.id);
    await accounts.sessions.endByToken(two.token);
    await accounts.sessions.endByToken(two.token);
    await assert.rejects(accounts.sessions.end(user.id, foreign.id), (error) => hasCode(error, 'NOT_FOUND'));
    assert.deepEqual(
      ended.map(({ session }) => session),
      [one.id, two.id],
    );
    assert.ok(await accounts.sessions.prove(three.token));
    await accounts.sessions.endAll(user.id);
    assert.equal(await accounts.sessions.prove(three.token), undefined);
    assert.ok(await accounts.sessions.prove(foreign.token));
    await accounts.users.change(await accounts.someone('admin'), other.id, { isDisabled: true });
    assert.equal(await accounts.sessions.prove(foreign.token), undefined);
    assert.deepEqual(ended.at(-1), { session: foreign.id, user: other.id });
  });

  it('are listed for their user, with what the browser said about itself, cut', async () => {
    const user = await accounts.someone();
    const userAgent = `Brow\u0000ser\n${'x'.repeat(1000)}`;
    const { id } = await accounts.sessions.begin(user.id, { userAgent, address: '192.0.2.1' });
    const [row, ...more] = await accounts.sessions.list(user.id);
    assert.equal(more.length, 0);
    assert.deepEqual([row?.id, row?.address, row?.userAgent?.length], [id, '192.0.2.1', 256]);
    assert.ok(row?.userAgent?.startsWith('Brow ser x'));
  });

  it('tell a listener nothing more once it was disposed', async () => {
    const user = await accounts.someone();
    let heard = 0;
    const listening = accounts.news.on('session-ended', () => void (heard += 1));
    await accounts.sessions.endByToken((await accounts.sessions.begin(user.id, {})).token);
    listening[Symbol.dispose]();
    await accounts.sessions.endByToken((await accounts.sessions.begin(user.id, {})).token);
    assert.equal(heard, 1);
  });
});
