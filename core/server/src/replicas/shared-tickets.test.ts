import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { TestAccounts } from '../accounts/testing.ts';
import type { Database } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { SharedTickets } from './shared-tickets.ts';

const task = 'abcdefghij012345';

describe('tickets that any replica redeems', () => {
  let database: Database;
  let accounts: TestAccounts;
  let visit: { task: string; user: string; session: string; path: string };
  before(async () => {
    database = await openTestDatabase();
    accounts = new TestAccounts(database);
    const user = await accounts.users.firstAdmin('t@example.org', 'T');
    visit = { task, user: user.id, session: (await accounts.sessions.begin(user.id, {})).id, path: '/x?y' };
  });
  after(() => database.close());

  it('are good once, whoever asks, and however many at once', async () => {
    const name = await new SharedTickets(database).issue(visit);
    const tries = Array.from({ length: 6 }, () => new SharedTickets(database).redeem(name, task));
    const good = (await Promise.all(tries)).filter((found) => found !== undefined);
    assert.deepEqual(good, [visit]);
  });

  it('are used up at the wrong door', async () => {
    const tickets = new SharedTickets(database);
    const name = await tickets.issue(visit);
    assert.equal(await tickets.redeem(name, 'zzzzzzzzzz012345'), undefined);
    assert.equal(await tickets.redeem(name, task), undefined);
  });

  it('are good for a short time', async () => {
    const tickets = new SharedTickets(database, 50);
    const name = await tickets.issue(visit);
    await sleep(80);
    assert.equal(await tickets.redeem(name, task), undefined);
  });

  it('are few for one session: the newest', async () => {
    const tickets = new SharedTickets(database, 30_000, 3);
    const names = [];
    for (let n = 0; n < 5; n++) names.push(await tickets.issue(visit));
    const found = await Promise.all(names.map((name) => tickets.redeem(name, task)));
    assert.deepEqual(
      found.map((one) => one !== undefined),
      [false, false, true, true, true],
    );
  });

  it('go with the session', async () => {
    const tickets = new SharedTickets(database);
    const name = await tickets.issue(visit);
    await accounts.sessions.end(visit.user, visit.session);
    assert.equal(await tickets.redeem(name, task), undefined);
  });
});
