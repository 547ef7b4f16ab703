import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Computing, type Database, ownerColumns } from '../model/index.ts';
import { openTestDatabase, testLog } from '../model/testing.ts';
import { Leases, type LeaseTimes } from './leases.ts';
import type { Clocks } from './stopwatch.ts';

const times: LeaseTimes = { life: 800, use: 500, renewal: 150 };
/** Never renews by itself. */
const idle: LeaseTimes = { ...times, renewal: 3_600_000 };

describe('leases', function () {
  this.timeout(20_000);
  let database: Database;
  let id: string;
  let there = 0;

  before(async () => {
    database = await openTestDatabase();
  });
  after(() => database.close());
  beforeEach(async () => {
    const em = database.em();
    const owned = ownerColumns({ kind: 'platform' });
    const row = em.create(Computing, { name: `C${there++}`, access: 'local', driver: 'd', ...owned } as never);
    await em.persist(row).flush();
    ({ id } = row);
  });
  const open = (mine: LeaseTimes = times, clocks?: Clocks): Leases =>
    new Leases({ database, log: testLog, times: mine, ...(clocks ? { clocks } : {}) });

  it('are one process’s at a time, however many ask together', async () => {
    const all = Array.from({ length: 8 }, () => open());
    try {
      const taken = await Promise.all(all.map((leases) => leases.take(id)));
      assert.equal(taken.filter((tenure) => tenure !== undefined).length, 1);
    } finally {
      for (const leases of all) await leases[Symbol.asyncDispose]();
    }
  });

  it('last for as long as they are renewed', async () => {
    await using first = open();
    await using second = open();
    const tenure = await first.take(id);
    assert(tenure);
    await sleep(times.life * 2);
    tenure.demand();
    assert.equal(await second.take(id), undefined);
  });

  it('are free at once when they are let go', async () => {
    await using first = open();
    await using second = open();
    const tenure = await first.take(id);
    await tenure?.release();
    assert.equal(tenure?.signal.aborted, true);
    assert(await second.take(id));
  });

  it('end for a holder who can’t renew before anybody else can have them', async () => {
    await using first = open(idle);
    await using second = open();
    const tenure = await first.take(id);
    assert(tenure);
    let ended = 0;
    tenure.signal.addEventListener('abort', () => (ended = performance.now()));
    let next;
    while (!(next = await second.take(id))) await sleep(10);
    assert(tenure.signal.aborted);
    assert(performance.now() - ended > (times.life - times.use) / 2, 'the first had hardly stopped');
    assert.throws(() => tenure.demand(), { code: 'CONFLICT' });
    next.demand();
  });

  it('end for a holder whose process stood still, before any timer of it has fired', async () => {
    let wall = 0;
    await using leases = open(idle, { monotonic: () => 0, wall: () => wall });
    const tenure = await leases.take(id);
    assert(tenure);
    tenure.demand();
    wall = times.use;
    assert.throws(() => tenure.demand(), { code: 'CONFLICT' });
    assert(tenure.signal.aborted);
  });

  it('are nobody’s when the answer came too late', async () => {
    let wall = 0;
    const late: Clocks = { monotonic: () => 0, wall: () => (wall += times.use) };
    await using leases = open(idle, late);
    assert.equal(await leases.take(id), undefined);
  });

  it('are renewed in the middle of a change', async () => {
    await using leases = open();
    const tenure = await leases.take(id);
    assert(tenure);
    await database.em().transactional(async (em) => {
      await tenure.hold(em);
      await sleep(times.life * 2);
      tenure.demand();
    });
  });

  it('are not kept from others by a change that nobody goes on with', async () => {
    const [row] = await database
      .em()
      .execute<{ limit: string }[]>(`select current_setting('idle_in_transaction_session_timeout') as "limit"`);
    assert.equal(row?.limit, '5s');
  });

  it('let no change through once somebody else has them', async () => {
    await using first = open(idle);
    await using second = open();
    const tenure = await first.take(id);
    assert(tenure);
    await database.em().transactional((em) => tenure.hold(em));
    await sleep(times.life + 50);
    assert(await second.take(id));
    await assert.rejects(
      database.em().transactional((em) => tenure.hold(em)),
      { code: 'CONFLICT' },
    );
  });

  it('can’t be taken in the middle of a change', async () => {
    await using first = open(idle);
    await using second = open();
    const tenure = await first.take(id);
    assert(tenure);
    let isCommitted = false;
    const change = database.em().transactional(async (em) => {
      await tenure.hold(em);
      await sleep(times.life + 300);
      isCommitted = true;
    });
    await sleep(times.life + 50);
    assert(await second.take(id));
    assert(isCommitted, 'the lease was taken before the change was written');
    await change;
  });

  it('are missing for resources with tasks that nobody looks after, and for no others', async () => {
    await using first = open();
    assert.deepEqual(await first.unattended(), []);
    await database.em().execute(
      `with u as (insert into users (id, email, name, username, role, timezone, locale, created_at)
          values (gen_random_uuid(), 'l@example.org', 'L', 'l', 'standard', 'UTC', 'en', now()) returning id)
        insert into tasks (id, key, name, owner_id, software_name, computing_id, computing_name, launch, options, created_at, updated_at, version)
        select gen_random_uuid(), 'leases0000000001', 'T', id, 'S', ?, 'C', '{}', '{}', now(), now(), 1 from u`,
      [id],
    );
    assert.deepEqual(await first.unattended(), [id]);
    await using second = open();
    assert(await second.take(id));
    assert.deepEqual(await first.unattended(), []);
    assert.deepEqual(await second.unattended(), []);
  });
});
