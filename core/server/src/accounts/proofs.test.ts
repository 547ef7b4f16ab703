import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import type { Database } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { TestAccounts, TestClock } from './testing.ts';

const minute = 60_000;
const day = 86_400_000;

describe('accounts: one-time log-in links', () => {
  let database: Database;
  let clock: TestClock;
  let accounts: TestAccounts;
  const denied = (error: unknown): boolean => hasCode(error, 'DENIED');

  before(async () => void (database = await openTestDatabase())).timeout(60_000);
  after(() => database.close());
  beforeEach(() => {
    clock = new TestClock();
    accounts = new TestAccounts(database, { now: clock.now });
  });

  it('let somebody in once', async () => {
    const user = await accounts.someone();
    const { secret } = await accounts.links.create(user.id);
    assert.equal(await accounts.links.consume(secret), user.id);
    await assert.rejects(accounts.links.consume(secret), denied);
  });

  it('let nobody in once they were ended, and others’ do', async () => {
    const [user, other] = [await accounts.someone(), await accounts.someone()];
    const [ended, others] = [await accounts.links.create(user.id), await accounts.links.create(other.id)];
    await accounts.links.endAll(user.id);
    await assert.rejects(accounts.links.consume(ended.secret), denied);
    assert.equal(await accounts.links.consume(others.secret), other.id);
    assert.equal(await accounts.links.consume((await accounts.links.create(user.id)).secret), user.id);
  });

  it('let one in when many come at once', async () => {
    const user = await accounts.someone();
    const { secret } = await accounts.links.create(user.id);
    const all = await Promise.allSettled(Array.from({ length: 15 }, () => accounts.links.consume(secret)));
    assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  it('expire after 15 minutes', async () => {
    const user = await accounts.someone();
    const [early, late] = [await accounts.links.create(user.id), await accounts.links.create(user.id)];
    clock.pass(14 * minute);
    assert.equal(await accounts.links.consume(early.secret), user.id);
    clock.pass(2 * minute);
    await assert.rejects(accounts.links.consume(late.secret), denied);
    await accounts.sweep();
    assert.equal((await database.orm.em.getConnection().execute('select 1 from login_links')).length, 0);
  });

  it('let no disabled user in, and nobody with another secret', async () => {
    const [admin, user] = [await accounts.someone('admin'), await accounts.someone()];
    const { secret } = await accounts.links.create(user.id);
    for (const wrong of ['', 'x', secret.slice(1), `${secret}=`])
      await assert.rejects(accounts.links.consume(wrong), denied);
    await accounts.users.change(admin, user.id, { isDisabled: true });
    await assert.rejects(accounts.links.consume(secret), denied);
  });
});

describe('accounts: API tokens', () => {
  let database: Database;
  let clock: TestClock;
  let accounts: TestAccounts;

  before(async () => void (database = await openTestDatabase())).timeout(60_000);
  after(() => database.close());
  beforeEach(() => {
    clock = new TestClock();
    accounts = new TestAccounts(database, { now: clock.now });
  });

  it('prove their user and scope; the secret is shown once', async () => {
    const user = await accounts.someone('power');
    const { token, secret } = await accounts.tokens.create(user.id, { name: 'script', scope: 'write' });
    assert.match(secret, /^stele_[A-Za-z0-9_-]{43}$/);
    const { id, expiresAt } = token;
    assert.deepEqual(await accounts.tokens.prove(secret), { viewer: user, id, scope: 'write', expiresAt });
    const rows = JSON.stringify(await database.orm.em.getConnection().execute('select * from api_tokens'));
    assert.ok(rows.includes(token.prefix) && secret.startsWith(token.prefix) && !rows.includes(secret));
  });

  it('may only read unless it is asked for', async () => {
    const user = await accounts.someone();
    const { secret } = await accounts.tokens.create(user.id, { name: 'script' });
    assert.equal((await accounts.tokens.prove(secret))?.scope, 'read');
  });

  it('remember their last use', async () => {
    const user = await accounts.someone();
    const { secret } = await accounts.tokens.create(user.id, { name: 'script' });
    assert.equal((await accounts.tokens.list(user.id))[0]?.lastUsedAt, undefined);
    clock.pass(5 * minute);
    await accounts.tokens.prove(secret);
    assert.equal((await accounts.tokens.list(user.id))[0]?.lastUsedAt?.getTime(), clock.now());
  });

  it('expire', async () => {
    const user = await accounts.someone();
    const { secret } = await accounts.tokens.create(user.id, { name: 'script', days: 2 });
    clock.pass(2 * day - 1);
    assert.ok(await accounts.tokens.prove(secret));
    clock.pass(2);
    assert.equal(await accounts.tokens.prove(secret), undefined);
    assert.deepEqual(await accounts.tokens.list(user.id), []);
  });

  it('are revoked by their user alone', async () => {
    const [user, other] = [await accounts.someone(), await accounts.someone()];
    const { token, secret } = await accounts.tokens.create(user.id, { name: 'script' });
    const missing = (error: unknown): boolean => hasCode(error, 'NOT_FOUND');
    await assert.rejects(accounts.tokens.revoke(other.id, token.id), missing);
    assert.ok(await accounts.tokens.prove(secret));
    await accounts.tokens.revoke(user.id, token.id);
    await assert.rejects(accounts.tokens.revoke(user.id, token.id), missing);
    assert.equal(await accounts.tokens.prove(secret), undefined);
  });

  it('are revoked all at once, and nobody else’s', async () => {
    const [user, other] = [await accounts.someone(), await accounts.someone()];
    const own = [
      await accounts.tokens.create(user.id, { name: 'a' }),
      await accounts.tokens.create(user.id, { name: 'b' }),
    ];
    const { secret } = await accounts.tokens.create(other.id, { name: 'c' });
    const told: string[] = [];
    accounts.news.on('token-revoked', ({ token }) => told.push(token));
    await accounts.tokens.revokeAll(user.id);
    await accounts.tokens.revokeAll(user.id);
    assert.deepEqual(told.sort(), own.map(({ token }) => token.id).sort());
    for (const one of own) assert.equal(await accounts.tokens.prove(one.secret), undefined);
    assert.ok(await accounts.tokens.prove(secret));
  });

  it('are worth nothing once their user is disabled, and follow the user’s role', async () => {
    const [admin, user] = [await accounts.someone('admin'), await accounts.someone('power')];
    const { secret } = await accounts.tokens.create(user.id, { name: 'script' });
    await accounts.users.change(admin, user.id, { role: 'standard' });
    assert.equal((await accounts.tokens.prove(secret))?.viewer.role, 'standard');
    await accounts.users.change(admin, user.id, { isDisabled: true });
    assert.equal(await accounts.tokens.prove(secret), undefined);
  });

  it('are nobody’s for any other text', async () => {
    const user = await accounts.someone();
    const { token, secret } = await accounts.tokens.create(user.id, { name: 'script' });
    for (const wrong of ['', token.prefix, token.hash, secret.slice('stele_'.length), `${secret} `]) {
      assert.equal(await accounts.tokens.prove(wrong), undefined, wrong);
    }
  });

  it('are limited in time and number', async () => {
    const user = await accounts.someone();
    for (const days of [0, -1, 366, 1.5, Number.NaN]) {
      const refused = (error: unknown): boolean => hasCode(error, 'INVALID') && error.field === 'days';
      await assert.rejects(accounts.tokens.create(user.id, { name: 'x', days }), refused);
    }
    for (let count = 0; count < 50; count += 1) await accounts.tokens.create(user.id, { name: `t${count}` });
    await assert.rejects(accounts.tokens.create(user.id, { name: 'x' }), (error) => hasCode(error, 'LIMIT'));
  });
});
