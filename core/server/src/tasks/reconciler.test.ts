import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ComputingDriver, type Observation, SteleError } from '@stele/sdk';
import { inTime } from '@stele/sdk/testing';
import { Computing, type Database, type Task } from '../model/index.ts';
import { openTestDatabase, testLog } from '../model/testing.ts';
import { soleTenures } from '../replicas/index.ts';
import { Reconciler } from './reconciler.ts';
import { findView } from './task-rows.ts';
import { makeScene, makeTask, ScriptedResource, startPlatform, submitterOf, type TestPlatform } from './testing.ts';

const key = (n: number): string => `task${String(n).padStart(12, '0')}`;

describe('the reconciler', function () {
  this.timeout(20_000);
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

  const until = async (platform: TestPlatform, id: string, isSo: (row: Task) => boolean): Promise<Task> => {
    for (let left = 400; left > 0; left--) {
      const row = await platform.store.byId(id);
      if (row && isSo(row)) return row;
      await sleep(25);
    }
    throw new Error(`not reached: ${JSON.stringify(await platform.store.byId(id))}`);
  };
  const launch = async (platform: TestPlatform, n: number): Promise<Task> => {
    const row = await makeTask(platform, scene, key(n));
    platform.reconciler.poke(scene.computing.id);
    return row;
  };
  const stop = async (platform: TestPlatform, row: Task): Promise<void> => {
    await platform.store.change(row.id, () => ({ stopRequestedAt: new Date(), phase: 'stopping' }));
    platform.reconciler.poke(scene.computing.id);
  };

  it('brings a task from submission to ready, and from a stop to a clean end with its log kept', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    const row = await launch(platform, 1);
    await until(platform, row.id, ({ phase, ready, ref }) => phase === 'running' && ready && ref === `ref-${key(1)}`);
    await stop(platform, row);
    const ended = await until(platform, row.id, ({ cleanedAt }) => Boolean(cleanedAt));
    assert.deepEqual([ended.phase, ended.outcome, ended.exitCode], ['ended', 'cancelled', 143]);
    assert.equal(resource.held.size, 0);
    assert.equal(
      Buffer.concat(await Array.fromAsync(platform.archive.read(key(1), {}))).toString(),
      `log of ${key(1)}\n`,
    );
  });

  it('shows when a waiting task may start, and no longer once it runs', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    const row = await launch(platform, 80);
    await until(platform, row.id, ({ ready }) => ready);
    const see = async (state: Observation, isSo: (row: Task) => boolean) => {
      resource.held.set(key(80), { state, log: '' });
      platform.reconciler.poke(scene.computing.id);
      const seen = await until(platform, row.id, isSo);
      const listed = await findView(database, row.id, () => undefined);
      return [platform.store.view(seen).expectedAt, listed?.expectedAt];
    };
    const expectedAt = '2130-01-01T13:00:00.000Z';
    const waiting = await see({ phase: 'queued', expectedAt }, ({ phase }) => phase === 'queued');
    assert.deepEqual(waiting, [expectedAt, expectedAt]);
    assert.deepEqual(await see({ phase: 'running' }, ({ phase }) => phase === 'running'), [undefined, undefined]);
    await stop(platform, row);
    await until(platform, row.id, ({ cleanedAt }) => Boolean(cleanedAt));
  });

  it('adopts what an earlier platform had submitted when it was killed before it could write that down', async () => {
    const resource = new ScriptedResource();
    const killed = Promise.withResolvers<void>();
    resource.onSubmitted = () => killed.promise;
    const first = await startPlatform(database, resource, logs);
    const row = await launch(first, 2);
    for (let left = 200; resource.held.size === 0 && left > 0; left--) await sleep(10);
    killed.reject(new Error('killed'));
    await first[Symbol.asyncDispose]();
    await database
      .em()
      .getConnection()
      .execute(
        `update tasks set phase='submitting', outcome=null, ended_at=null, ref=null, cleaned_at=null where id=?`,
        [row.id],
      );
    resource.held.set(key(2), { state: { phase: 'running' }, log: 'x' });
    resource.onSubmitted = async () => undefined;
    await using second = await startPlatform(database, resource, logs);
    await until(second, row.id, ({ phase, ready }) => phase === 'running' && ready);
    assert.equal(resource.held.size, 1);
    resource.held.set(key(2), { state: { phase: 'ended', outcome: 'completed', exitCode: 0 }, log: 'x' });
    await until(second, row.id, ({ outcome, cleanedAt }) => outcome === 'completed' && Boolean(cleanedAt));
  });

  it('takes up a stop that was asked for before a crash', async () => {
    const resource = new ScriptedResource();
    const first = await startPlatform(database, resource, logs);
    const row = await launch(first, 3);
    await until(first, row.id, ({ ready }) => ready);
    await first[Symbol.asyncDispose]();
    await first.store.change(row.id, () => ({ stopRequestedAt: new Date(), phase: 'stopping' }));
    await using second = await startPlatform(database, resource, logs);
    await until(second, row.id, ({ outcome, cleanedAt }) => outcome === 'cancelled' && Boolean(cleanedAt));
    assert.equal(resource.count('cancel'), 1);
  });

  it('changes no task while the resource does not answer, and goes on when it does', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    const row = await launch(platform, 4);
    await until(platform, row.id, ({ ready }) => ready);
    resource.outage = new SteleError('UNREACHABLE', 'It does not answer.');
    platform.reconciler.poke(scene.computing.id);
    for (let left = 100; platform.health.at(-1) === undefined && left > 0; left--) await sleep(20);
    assert.equal(platform.health.at(-1), 'It does not answer.');
    assert.deepEqual([(await platform.store.byId(row.id))?.phase], ['running']);
    resource.outage = undefined;
    await stop(platform, row);
    await until(platform, row.id, ({ outcome }) => outcome === 'cancelled');
    assert.equal(platform.health.at(-1), undefined);
  });

  it('submits again what could not be reached, and rejects what can never run', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    let tries = 0;
    resource.onSubmitted = async () => {
      if (++tries === 1) throw new SteleError('UNREACHABLE', 'Not now.');
    };
    const again = await launch(platform, 5);
    await until(platform, again.id, ({ ready }) => ready);
    assert.equal(tries, 2);
    for (const [n, code] of (['NOT_FOUND', 'UNREACHABLE'] as const).entries()) {
      resource.onSubmitted = async () => {
        throw new SteleError(code, 'There is no such image.', { field: 'image' });
      };
      const never = await launch(platform, 60 + n);
      const row = await until(platform, never.id, ({ phase }) => phase === 'ended');
      assert.deepEqual([row.outcome, row.reason], ['rejected', 'There is no such image.'], code);
    }
    await stop(platform, again);
    await until(platform, again.id, ({ cleanedAt }) => Boolean(cleanedAt));
  });

  it('tries more and more rarely where nothing runs yet and nobody answers, and says so of the resource', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    resource.outage = new SteleError('UNREACHABLE', 'It does not answer.');
    const row = await launch(platform, 400);
    await sleep(500);
    const later = [await launch(platform, 402), await launch(platform, 403)];
    await sleep(4_000);
    assert(resource.count('submit') <= 4, `${resource.count('submit')} attempts`);
    assert.equal(platform.health.at(-1), 'It does not answer.');
    resource.outage = undefined;
    platform.reconciler.poke(scene.computing.id);
    for (const one of [row, ...later]) await until(platform, one.id, ({ ready }) => ready);
    assert.equal(platform.health.at(-1), undefined);
    for (const one of [row, ...later]) await stop(platform, one);
    for (const one of [row, ...later]) await until(platform, one.id, ({ cleanedAt }) => Boolean(cleanedAt));
  });

  it('submits what has come at once, whatever a round still waits for, and tries nothing again before its turn', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    const first = await launch(platform, 404);
    await until(platform, first.id, ({ ready }) => ready);
    const driver = resource.driver as { observe: typeof resource.driver.observe };
    const { observe } = driver;
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    driver.observe = async (...args) => {
      asked.resolve();
      await answered.promise;
      return observe(...args);
    };
    platform.reconciler.poke(scene.computing.id);
    await asked.promise;
    const seen = resource.count('observe');
    const rows = await Promise.all([405, 406].map((n) => launch(platform, n)));
    for (const row of rows) await until(platform, row.id, ({ ref }) => ref === `ref-${row.key}`);
    resource.onSubmitted = () => Promise.reject(new SteleError('UNREACHABLE', 'Not now.'));
    const refused = await launch(platform, 407);
    await until(platform, refused.id, ({ reason }) => /tried again/.test(reason ?? ''));
    const late = await launch(platform, 408);
    await sleep(100);
    assert.deepEqual([resource.count('submit'), resource.count('observe')], [4, seen]);
    resource.onSubmitted = async () => undefined;
    answered.resolve();
    const all = [first, ...rows, refused, late];
    for (const row of all) await until(platform, row.id, ({ ready }) => ready);
    assert.equal(resource.held.size, all.length);
    for (const row of all) await stop(platform, row);
    for (const row of all) await until(platform, row.id, ({ cleanedAt }) => Boolean(cleanedAt));
  });

  it('cleans up more and more rarely where everything has ended and nobody answers', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    const row = await launch(platform, 401);
    await until(platform, row.id, ({ ready }) => ready);
    const driver = resource.driver as { clean: typeof resource.driver.clean };
    const { clean } = driver;
    let tries = 0;
    driver.clean = async () => {
      tries++;
      throw new SteleError('UNREACHABLE', 'It does not answer.');
    };
    await stop(platform, row);
    await until(platform, row.id, ({ phase }) => phase === 'ended');
    await sleep(4_500);
    assert(tries <= 4, `${tries} attempts`);
    assert.equal(platform.health.at(-1), 'It does not answer.');
    driver.clean = clean;
    platform.reconciler.poke(scene.computing.id);
    await until(platform, row.id, ({ cleanedAt }) => Boolean(cleanedAt));
  });

  it('does not begin when it was ended before it could read what there is', async () => {
    const read = Promise.withResolvers<string[]>();
    let reads = 0;
    const tenures = soleTenures(() => (reads++, read.promise));
    const reconciler = new Reconciler({ tenures, log: testLog } as never);
    const started = reconciler.start();
    await reconciler.stop();
    read.reject(new SteleError('UNREACHABLE', 'The database is closed.'));
    await started;
    await sleep(2_300);
    assert.equal(reads, 1);
  });

  it('ends a submission that is stopped while it is under way', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    const driver = resource.driver as { submit: typeof resource.driver.submit };
    driver.submit = (_resource, _launch, _progress, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    const row = await launch(platform, 7);
    await sleep(200);
    await platform.store.change(row.id, () => ({ stopRequestedAt: new Date() }));
    platform.reconciler.poke(scene.computing.id);
    const ended = await until(platform, row.id, ({ phase }) => phase === 'ended');
    assert.equal(ended.outcome, 'cancelled');
  });

  it('forgets a task whose removal is asked for while it is being cleaned up', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    const row = await launch(platform, 8);
    await until(platform, row.id, ({ ready }) => ready);
    const driver = resource.driver as { clean: typeof resource.driver.clean };
    const { clean } = driver;
    driver.clean = async (...args) => {
      await platform.store.change(row.id, () => ({ deleteRequestedAt: new Date() }));
      await clean(...args);
    };
    await stop(platform, row);
    for (let left = 200; (await platform.store.byId(row.id)) && left > 0; left--) await sleep(20);
    assert.equal(await platform.store.byId(row.id), undefined);
    await assert.rejects(Array.fromAsync(platform.archive.read(row.key, {})), /Nothing is kept/);
  });

  it('lets no task that tells nonsense of itself hold up the others of its resource', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    const liars: readonly Observation[] = [
      { phase: 'ended', outcome: 'failed', exitCode: 999_999_999_999 },
      { phase: 'ended', outcome: 'failed', exitCode: 0.5 },
      { phase: 'ended', outcome: 'failed', reason: 'a\0b' },
      { phase: 'ended', outcome: 'failed', endedAt: new Date(999_999_999_999_000).toISOString() },
      { phase: 'ended', outcome: 'failed', startedAt: 'whenever' },
      { phase: 'ended', outcome: 'failed', digest: `sha256:${'x'.repeat(99)}` },
    ];
    const rows = await Promise.all(liars.map((_, at) => launch(platform, 200 + at)));
    const honest = await launch(platform, 230);
    for (const row of [...rows, honest])
      await until(platform, row.id, ({ phase, ready }) => phase === 'running' && ready);
    for (const [at, state] of liars.entries()) resource.held.set(key(200 + at), { state, log: '' });
    platform.health.length = 0;
    await stop(platform, honest);
    for (const row of [...rows, honest]) await until(platform, row.id, ({ cleanedAt }) => Boolean(cleanedAt));
    assert(
      platform.health.every((reason) => reason === undefined),
      JSON.stringify(platform.health),
    );
  });

  it('observes any number of tasks with one call a round', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    const rows = [];
    for (let n = 100; n < 140; n++) rows.push(await makeTask(platform, scene, key(n)));
    platform.reconciler.poke(scene.computing.id);
    for (const row of rows) await until(platform, row.id, ({ ready }) => ready);
    assert.equal(resource.count('submit'), 40);
    assert.ok(resource.count('observe') < 25, `${resource.count('observe')} calls`);
    for (const row of rows)
      resource.held.set(row.key, { state: { phase: 'ended', outcome: 'completed', exitCode: 0 }, log: '' });
    platform.reconciler.poke(scene.computing.id);
    for (const row of rows) await until(platform, row.id, ({ cleanedAt }) => Boolean(cleanedAt));
  });

  it('submits nothing that was submitted while it waited in line', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    const row = await launch(platform, 300);
    await until(platform, row.id, ({ ready }) => ready);
    resource.held.delete(row.key);
    const submitter = submitterOf(database, platform.store);
    const seen = Object.assign(Object.create(row) as Task, { phase: 'submitting' });
    await submitter.submit(seen, resource.driver, inTime(5_000));
    assert.deepEqual([resource.count('submit'), resource.held.size], [1, 0]);
    await stop(platform, row);
  });

  it('submits to the resource as it is, not as it was when it was looked at', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs);
    const row = await makeTask(platform, scene, key(301));
    const em = database.em();
    await em.nativeUpdate(Computing, { id: scene.computing.id }, { conf: { corrected: true } });
    const seen: unknown[] = [];
    const driver: ComputingDriver = {
      ...resource.driver,
      submit: async ({ conf }) => {
        seen.push(conf);
        return 'ref';
      },
    };
    await submitterOf(database, platform.store).submit(row, driver, inTime(5_000));
    await em.nativeUpdate(Computing, { id: scene.computing.id }, { conf: {} });
    assert.deepEqual(seen, [{ corrected: true }]);
  });
});
