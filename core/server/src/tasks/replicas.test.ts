import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually, timeFactor } from '@stele/sdk/testing';
import type { Database } from '../model/index.ts';
import { openTestDatabase, testLog } from '../model/testing.ts';
import { Leases, type LeaseTimes, PostgresChannel } from '../replicas/index.ts';
import { makeScene, makeTask, ScriptedResource, startPlatform, type TestPlatform } from './testing.ts';

const times: LeaseTimes = { life: 1_500 * timeFactor, use: 1_000 * timeFactor, renewal: 300 };
/** Milliseconds, less than until the next look that nobody asked for. */
const beforeLook = Math.min(1_500 * timeFactor, 4_500);
const key = (n: number): string => `repl${String(n).padStart(12, '0')}`;

/** A platform that shares database and resource with others. */
interface Replica extends AsyncDisposable {
  readonly platform: TestPlatform;
  /** Nothing can be renewed, taken or let go any more, as when the connection is broken; all else would work. */
  cut(): void;
}

/** The database, over a line that can be cut. */
function cuttable(database: Database, isCut: () => boolean): Database {
  const execute = (sql: string, params: unknown[]): Promise<unknown> =>
    isCut() ? Promise.reject(new Error('The line is cut.')) : database.orm.em.getConnection().execute(sql, params);
  return { orm: { em: { getConnection: () => ({ execute }) } } } as unknown as Database;
}

describe('reconcilers of several replicas', function () {
  this.timeout(30_000);
  let database: Database;
  let scene: Awaited<ReturnType<typeof makeScene>>;
  const logs = mkdtempSync(join(tmpdir(), 'stele-logs-'));

  before(async () => {
    database = await openTestDatabase();
    scene = await makeScene(database);
  });
  after(async () => {
    await database.close();
    rmSync(logs, { recursive: true });
  });

  async function open(resource: ScriptedResource): Promise<Replica> {
    await using owned = new AsyncDisposableStack();
    let isCut = false;
    const line = cuttable(database, () => isCut);
    const channel = owned.use(await PostgresChannel.open({ database, fingerprint: 1, log: testLog }));
    const leases = owned.use(new Leases({ database: line, log: testLog, times }));
    const platform = owned.use(await startPlatform(database, resource, logs, { tenures: leases, channel }));
    channel.onMessage((message) => message.kind === 'poke' && platform.reconciler.pokeOwn(message.computing));
    const all = owned.move();
    return {
      platform,
      cut: () => (isCut = true),
      [Symbol.asyncDispose]: () => all.disposeAsync(),
    };
  }

  /** Whether the holder of the lease has to have stopped by now, and nobody else may begin yet. */
  const isBetween = async (): Promise<boolean> => {
    const [{ expires_in: left } = { expires_in: 0 }] = await database
      .em()
      .execute<{ expires_in: number }[]>(
        `select extract(epoch from expires_at - clock_timestamp())::float8 * 1000 as expires_in from leases`,
      );
    return left < times.life - times.use && left > 0;
  };
  const isReady = async ({ store }: TestPlatform, id: string): Promise<boolean> =>
    Boolean((await store.byId(id))?.ready);

  it('share resources: one looks, the other’s wishes are met at once', async () => {
    const [at, other] = [new ScriptedResource(), new ScriptedResource()];
    await using first = await open(at);
    await using second = await open(other);
    const one = await makeTask(first.platform, scene, key(1));
    first.platform.reconciler.poke(scene.computing.id);
    await eventually('it is ready', () => isReady(first.platform, one.id));
    const two = await makeTask(second.platform, scene, key(2));
    const from = performance.now();
    second.platform.reconciler.poke(scene.computing.id);
    await eventually('the other’s is ready', () => isReady(second.platform, two.id));
    assert(performance.now() - from < beforeLook, 'nobody hurried');
    assert.deepEqual(other.calls, [], 'both have looked');
    for (const { id } of [one, two]) await second.platform.store.change(id, () => ({ stopRequestedAt: new Date() }));
    second.platform.reconciler.poke(scene.computing.id);
    await eventually('all is clean', async () => !(await first.platform.store.hasUnsettled(scene.computing.id)));
    assert.deepEqual([at.count('submit'), other.calls], [2, []]);
  });

  it('take over from one that is cut off, which has stopped before', async () => {
    const [at, other] = [new ScriptedResource(), new ScriptedResource()];
    await using first = await open(at);
    const row = await makeTask(first.platform, scene, key(3));
    first.platform.reconciler.poke(scene.computing.id);
    await eventually('it is ready', () => isReady(first.platform, row.id));
    await using second = await open(other);
    other.held.set(row.key, { state: { phase: 'running' }, log: 'x' });
    first.cut();
    await eventually('the first has to stop', isBetween, 10_000);
    assert.deepEqual(other.calls, [], 'the second has begun while the first could still act');
    const asked = at.calls.length;
    await eventually('the second looks', () => other.count('observe') > 0, 10_000);
    first.platform.reconciler.poke(scene.computing.id);
    await sleep(1_000);
    assert.equal(at.calls.length, asked, 'both have looked');
    await second.platform.store.change(row.id, () => ({ stopRequestedAt: new Date() }));
    second.platform.reconciler.poke(scene.computing.id);
    await eventually('all is clean', async () => !(await second.platform.store.hasUnsettled(scene.computing.id)));
  });

  it('leave nothing behind for the next when one stops as it should', async () => {
    const [at, other] = [new ScriptedResource(), new ScriptedResource()];
    const first = await open(at);
    const row = await makeTask(first.platform, scene, key(4));
    first.platform.reconciler.poke(scene.computing.id);
    await eventually('it is ready', () => isReady(first.platform, row.id));
    await first[Symbol.asyncDispose]();
    other.held.set(row.key, { state: { phase: 'ended', outcome: 'completed', exitCode: 0 }, log: 'x' });
    const from = performance.now();
    await using second = await open(other);
    await eventually('all is clean', async () => !(await second.platform.store.hasUnsettled(scene.computing.id)));
    assert(performance.now() - from < times.life, 'it waited for a lease that nobody holds');
  });
});
