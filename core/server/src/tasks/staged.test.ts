import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileTree } from '@stele/sdk';
import { eventually } from '@stele/sdk/testing';
import type { Database, Task } from '../model/index.ts';
import { openTestDatabase } from '../model/testing.ts';
import { askToBringBack } from '../staging/index.ts';
import { contentOf, freshState, planOf, put, stuck, treeWith } from '../staging/testing/index.ts';
import { makeScene, makeTask, ScriptedResource, startPlatform, type TestPlatform } from './testing.ts';

const never = new AbortController().signal;

describe('a task with files from elsewhere', function () {
  this.timeout(20_000);
  let database: Database;
  let scene: Awaited<ReturnType<typeof makeScene>>;
  let bucket: FileTree;
  let work: FileTree;
  let made = 0;
  const logs = mkdtempSync(join(tmpdir(), 'stele-logs-'));

  before(async () => {
    database = await openTestDatabase();
    scene = await makeScene(database);
  });
  beforeEach(async () => {
    bucket = await treeWith({ 'data/a': 'one', 'results/old': 'old' });
    work = await treeWith({});
  });
  after(async () => {
    await database.close();
    rmSync(logs, { recursive: true });
  });

  const launch = async (platform: TestPlatform): Promise<Task> => {
    const parts = { staging: planOf(), staged: freshState };
    const row = await makeTask(platform, scene, `staged${String((made += 1)).padStart(10, '0')}`, parts);
    platform.reconciler.poke(scene.computing.id);
    return row;
  };
  const until = async (platform: TestPlatform, id: string, isSo: (row: Task) => boolean): Promise<Task> => {
    let seen: Task | undefined;
    const look = async (): Promise<boolean> => {
      seen = await platform.store.byId(id);
      return seen !== undefined && isSo(seen);
    };
    await eventually(() => JSON.stringify([seen?.phase, seen?.reason, seen?.staged, seen?.cleanedAt]), look, 10_000);
    assert(seen);
    return seen;
  };
  const end = (resource: ScriptedResource, row: Task): void => {
    const held = resource.held.get(row.key);
    if (held) held.state = { phase: 'ended', outcome: 'completed', exitCode: 0 };
  };

  it('starts when they are there, and is settled when its own are back', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs, { trees: { bucket, work } });
    let seen: unknown;
    resource.onSubmitted = async () => void (seen = await contentOf(work));
    const row = await launch(platform);
    await until(platform, row.id, ({ phase }) => phase === 'running');
    assert.deepEqual(seen, { 'stele-tasks/key/in/data/a': 'one', 'stele-tasks/key/out/': '' });
    await put(work, 'stele-tasks/key/out/answer', '42');
    end(resource, row);
    platform.reconciler.poke(scene.computing.id);
    const settled = await until(platform, row.id, ({ cleanedAt }) => Boolean(cleanedAt));
    assert.deepEqual(
      [settled.outcome, settled.staged?.out?.state, settled.staged?.isCleared],
      ['completed', 'done', true],
    );
    assert.deepEqual(await contentOf(bucket, 'results'), { 'results/old': 'old', 'results/task-key/answer': '42' });
    assert.deepEqual(await contentOf(work), { 'stele-tasks/': '' });
    assert.equal(resource.count('submit'), 1);
  });

  it('that is stopped while they come is cancelled, and nothing of them stays', async () => {
    const resource = new ScriptedResource();
    const begun = Promise.withResolvers<void>();
    const slow = stuck(bucket, begun.resolve);
    await using platform = await startPlatform(database, resource, logs, { trees: { bucket: slow, work } });
    const row = await launch(platform);
    await begun.promise;
    await platform.store.change(row.id, () => ({ stopRequestedAt: new Date() }));
    platform.reconciler.poke(scene.computing.id);
    const ended = await until(platform, row.id, ({ cleanedAt }) => Boolean(cleanedAt));
    assert.deepEqual([ended.outcome, ended.staged?.isCleared], ['cancelled', true]);
    assert.equal(resource.count('submit'), 0);
    assert.deepEqual(await contentOf(work), { 'stele-tasks/': '' });
  });

  it('goes on under the next platform when one dies in the middle', async () => {
    const resource = new ScriptedResource();
    const begun = Promise.withResolvers<void>();
    const slow = stuck(bucket, begun.resolve);
    const first = await startPlatform(database, resource, logs, { trees: { bucket: slow, work } });
    const row = await launch(first);
    await begun.promise;
    await first[Symbol.asyncDispose]();
    assert.equal((await first.store.byId(row.id))?.phase, 'submitting');
    await using second = await startPlatform(database, resource, logs, { trees: { bucket, work } });
    await until(second, row.id, ({ phase }) => phase === 'running');
    assert.equal((await contentOf(work))['stele-tasks/key/in/data/a'], 'one');
    end(resource, row);
    second.reconciler.poke(scene.computing.id);
    await until(second, row.id, ({ cleanedAt }) => Boolean(cleanedAt));
  });

  it('keeps what it could not bring back, and is settled all the same', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs, { trees: { bucket, work } });
    const row = await launch(platform);
    await until(platform, row.id, ({ phase }) => phase === 'running');
    await put(work, 'stele-tasks/key/out/answer', '42');
    await bucket.remove('results', never);
    end(resource, row);
    platform.reconciler.poke(scene.computing.id);
    const settled = await until(platform, row.id, ({ cleanedAt }) => Boolean(cleanedAt));
    assert.deepEqual([settled.outcome, settled.staged?.out?.state], ['completed', 'failed']);
    assert.equal((await contentOf(work))['stele-tasks/key/out/answer'], '42');
    // As asking again does.
    await bucket.makeFolder('results', never);
    const waiting = { state: 'waiting', files: 0, bytes: 0 } as const;
    await platform.store.change(row.id, ({ staged }) => ({
      staged: { ...(staged ?? freshState), out: waiting },
      cleanedAt: null,
    }));
    platform.reconciler.poke(scene.computing.id);
    await until(platform, row.id, ({ staged }) => staged?.isCleared === true);
    assert.deepEqual(await contentOf(bucket, 'results'), { 'results/task-key/answer': '42' });
  });

  it('takes up a request for its results that comes while it is being cleaned up', async () => {
    const resource = new ScriptedResource();
    await using platform = await startPlatform(database, resource, logs, { trees: { bucket, work } });
    const row = await launch(platform);
    await until(platform, row.id, ({ phase }) => phase === 'running');
    await put(work, 'stele-tasks/key/out/answer', '42');
    await bucket.remove('results', never);
    const clean = resource.driver.clean.bind(resource.driver);
    Object.assign(resource.driver, {
      clean: async (...given: Parameters<typeof clean>) => {
        Object.assign(resource.driver, { clean });
        await bucket.makeFolder('results', never);
        await platform.store.change(row.id, askToBringBack);
        await clean(...given);
      },
    });
    end(resource, row);
    platform.reconciler.poke(scene.computing.id);
    await until(platform, row.id, ({ cleanedAt, staged }) => Boolean(cleanedAt) && staged?.isCleared === true);
    assert.deepEqual(await contentOf(bucket, 'results'), { 'results/task-key/answer': '42' });
  });
});
