import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { type FileTree, SteleError } from '@stele/sdk';
import { rejectsWith } from '@stele/sdk/testing';
import { testLog } from '../model/testing.ts';
import type { Task } from '../model/index.ts';
import { noFence } from '../replicas/index.ts';
import { Stager } from './stager.ts';
import { survey } from './survey.ts';
import { contentOf, freshState, ownOf, planOf, put, replaced, storagesOf, treeWith } from './testing/index.ts';
import { transfer } from './transfer.ts';

const never = new AbortController().signal;
const data = { 'data/a': 'one', 'data/b/c': 'three', 'data/.hidden': 'h', beside: 'no' };
const brought = {
  'stele-tasks/key/in/data/a': 'one',
  'stele-tasks/key/in/data/b/c': 'three',
  'stele-tasks/key/in/data/.hidden': 'h',
};

/** A task's row, and a stager that works on it. */
class Scene {
  row: Task;
  now = 0;
  readonly stager: Stager;
  readonly trees: Record<string, FileTree>;

  constructor(trees: Record<string, FileTree>, row: Partial<Task> = {}) {
    this.trees = trees;
    const owner = { id: 'u', username: 'ada' };
    const facts = { id: 't', key: 'key', owner, phase: 'submitting', staging: planOf(), staged: freshState };
    this.row = { ...facts, hasEnded: () => this.row.phase === 'ended', ...row } as unknown as Task;
    this.stager = new Stager({
      storages: storagesOf(trees),
      own: ownOf(trees.own),
      store: {
        byId: async () => this.row,
        change: async (_id, change) => Object.assign(this.row, change(this.row)),
      },
      viewerOf: async () => ({ id: 'u', username: 'ada', role: 'standard', groups: [] }),
      fence: noFence,
      log: testLog,
      now: () => this.now,
    });
  }

  run(step: 'in' | 'out' | 'clear', signal = never): Promise<void> {
    return this.stager.run('t', step, signal);
  }
}

const ended = { phase: 'ended', outcome: 'completed', submittedAt: new Date() } as const;

describe('the stager', () => {
  let bucket: FileTree;
  let work: FileTree;

  beforeEach(async () => {
    bucket = await treeWith({ ...data, 'results/old': 'old' });
    work = await treeWith({});
  });

  it('brings in what was asked for, with its empty folders, and makes a place for what comes', async () => {
    await bucket.makeFolder('data/empty', never);
    const scene = new Scene({ bucket, work });
    await scene.run('in');
    assert.deepEqual(await contentOf(work), {
      ...brought,
      'stele-tasks/key/in/data/empty/': '',
      'stele-tasks/key/out/': '',
    });
    const { state, files, bytes, allFiles, allBytes } = scene.row.staged?.in ?? {};
    assert.deepEqual([state, files, bytes, allFiles, allBytes], ['done', 3, 9, 3, 9]);
    assert.equal(scene.row.phase, 'submitting');
  });

  it('brings in to a folder that the resource keeps, back from it, and removes it', async () => {
    const { workspace: _, ...rest } = planOf({ target: '/stage' });
    const own = await treeWith({});
    const scene = new Scene({ bucket, own }, { staging: rest });
    await scene.run('in');
    assert.deepEqual(await contentOf(own), {
      'in/data/a': 'one',
      'in/data/b/c': 'three',
      'in/data/.hidden': 'h',
      'out/': '',
    });
    await put(own, 'out/answer', '42');
    Object.assign(scene.row, ended);
    await scene.run('out');
    assert.deepEqual(await contentOf(bucket, 'results'), { 'results/old': 'old', 'results/task-key/answer': '42' });
    await scene.run('clear');
    assert.deepEqual([await contentOf(own), scene.row.staged?.isCleared], [{}, true]);
  });

  it('brings in a single file', async () => {
    const [source] = planOf().in;
    assert(source);
    const scene = new Scene({ bucket, work }, { staging: planOf({ in: [{ ...source, path: 'data/b/c', as: 'c' }] }) });
    await scene.run('in');
    assert.equal((await contentOf(work))['stele-tasks/key/in/c'], 'three');
  });

  it('goes on after it was cut: what is there is passed over, and what was begun is gone', async () => {
    const half = { 'stele-tasks/key/in/data/a': 'one', 'stele-tasks/key/in/data/.stele-x.part': 'thr' };
    work = await treeWith({ ...half, 'stele-tasks/key/in/data/b/c': 'th' });
    const read: string[] = [];
    const watched = replaced(bucket, {
      read: (path: string, ...rest: [never, AbortSignal]) => (read.push(path), bucket.read(path, ...rest)),
    });
    const scene = new Scene({ bucket: watched, work });
    await scene.run('in');
    assert.deepEqual(read.sort(), ['data/.hidden', 'data/b/c']);
    assert.deepEqual(await contentOf(work), { ...brought, 'stele-tasks/key/out/': '' });
    assert.deepEqual([scene.row.staged?.in.files, scene.row.staged?.in.bytes], [3, 9]);
  });

  it('removes nothing that isn’t its own: a link may stand in its folder’s place', async () => {
    work = await treeWith({ 'stele-tasks/key/in/thesis': 'years of work' });
    const scene = new Scene({ bucket, work });
    await scene.run('in');
    assert.equal(scene.row.staged?.in.state, 'done');
    assert.equal((await contentOf(work))['stele-tasks/key/in/thesis'], 'years of work');
  });

  it('takes no more entries of all sources together than of one', async () => {
    const [source] = planOf().in;
    assert(source);
    const names = Array.from({ length: 70_000 }, (_, index) => `n${index}`);
    const items = names.map((name) => ({ name, path: `data/${name}`, kind: 'other' as const, size: 0 }));
    const large = replaced(bucket, { list: async () => ({ items }) });
    const sources = ['a', 'b', 'c'].map((as) => ({ ...source, as }));
    for (const [count, phase] of [
      [2, 'submitting'],
      [3, 'ended'],
    ] as const) {
      const scene = new Scene({ bucket: large, work }, { staging: planOf({ in: sources.slice(0, count) }) });
      await scene.run('in');
      assert.equal(scene.row.phase, phase, scene.row.reason ?? '');
    }
  });

  it('asks a storage that does not answer again, ever more rarely, and the task waits', async () => {
    const away = (): Promise<never> => Promise.reject(new SteleError('UNREACHABLE', 'The store is away.'));
    const scene = new Scene({ bucket: replaced(bucket, { stat: away }), work });
    for (const pause of [2_000, 4_000, 8_000]) {
      assert(scene.stager.isDue('t'));
      await scene.run('in');
      assert.deepEqual([scene.row.phase, scene.row.staged?.in.state], ['submitting', 'waiting']);
      assert.equal(scene.row.reason, 'The store is away. It is tried again.');
      scene.now += pause - 1;
      assert(!scene.stager.isDue('t'));
      scene.now += 1;
    }
    scene.trees['bucket'] = bucket;
    await scene.run('in');
    assert.equal(scene.row.staged?.in.state, 'done');
    assert.equal(scene.row.staged.in.reason, undefined);
  });

  it('ends a task whose files are gone, or don’t fit, before it began', async () => {
    for (const [trees, words] of [
      [{ bucket: await treeWith({}), work }, /could not be brought in/],
      [{ work }, /no such storage/],
      [{ bucket, work: await treeWith({}, 5) }, /“Work” has room for 5 bytes; 9 bytes are to go there/],
    ] as const) {
      const scene = new Scene(trees);
      await scene.run('in');
      assert.deepEqual([scene.row.phase, scene.row.outcome], ['ended', 'rejected']);
      assert.match(scene.row.reason ?? '', words);
      await scene.run('clear');
      assert.equal(scene.row.staged?.isCleared, true);
      if (trees.work) assert(!Object.keys(await contentOf(trees.work)).some((path) => path.includes('key')));
    }
  });

  it('leaves the row alone when it is given up', async () => {
    const giveUp = new AbortController();
    const stuck = replaced(bucket, {
      read: async () => {
        giveUp.abort();
        throw new SteleError('UNREACHABLE', 'given up');
      },
    });
    const scene = new Scene({ bucket: stuck, work });
    await scene.run('in', giveUp.signal);
    assert.equal(scene.row.phase, 'submitting');
    assert(!scene.row.staged?.in.reason);
  });

  it('brings back what an ended task left, into a folder of its own, and clears up', async () => {
    work = await treeWith({ 'stele-tasks/key/in/data/a': 'x', 'stele-tasks/key/out/r/1': 'first', mine: 'stays' });
    const scene = new Scene({ bucket, work }, ended);
    await scene.run('out');
    const results = { 'results/old': 'old', 'results/task-key/r/1': 'first' };
    assert.deepEqual(await contentOf(bucket, 'results'), results);
    assert.equal(scene.row.staged?.out?.state, 'done');
    await scene.run('clear');
    assert.deepEqual(await contentOf(work), { mine: 'stays', 'stele-tasks/': '' });
    assert.equal(scene.row.staged.isCleared, true);
  });

  it('goes on where bringing back was cut', async () => {
    work = await treeWith({ 'stele-tasks/key/out/a': '1', 'stele-tasks/key/out/b': '2', 'stele-tasks/key/out/c': '3' });
    const out = { state: 'moving', files: 1, bytes: 1, upTo: 'a' } as const;
    const scene = new Scene({ bucket, work }, { ...ended, staged: { ...freshState, out } });
    await scene.run('out');
    assert.deepEqual(Object.keys(await contentOf(bucket, 'results/task-key')), [
      'results/task-key/b',
      'results/task-key/c',
    ]);
    const { files, bytes, upTo } = scene.row.staged?.out ?? {};
    assert.deepEqual([files, bytes, upTo], [3, 3, undefined]);
  });

  it('brings back all again while the task runs, and once more at its end', async () => {
    work = await treeWith({ 'stele-tasks/key/out/a': '1' });
    const running = { phase: 'running', submittedAt: new Date() } as const;
    const asked = { ...freshState, out: { state: 'waiting', files: 0, bytes: 0 } as const };
    const scene = new Scene({ bucket, work }, { ...running, staged: asked });
    await scene.run('out');
    assert.equal(scene.row.staged?.out?.state, 'idle');
    await put(work, 'stele-tasks/key/out/a', '2');
    Object.assign(scene.row, ended);
    await scene.run('out');
    assert.deepEqual(await contentOf(bucket, 'results/task-key'), { 'results/task-key/a': '2' });
  });

  it('keeps what it can’t bring back, and says why', async () => {
    work = await treeWith({ 'stele-tasks/key/out/a': '1234567' });
    const full = await treeWith({ 'results/x': '' }, 5);
    const scene = new Scene({ bucket: full, work }, ended);
    await scene.run('out');
    assert.equal(scene.row.staged?.out?.state, 'failed');
    assert.match(scene.row.staged.out.reason ?? '', /“Bucket” has room for 5 bytes/);
    await scene.run('clear');
    assert.deepEqual(await contentOf(work), { 'stele-tasks/key/out/a': '1234567' });
  });

  it('makes no folder for a task that left nothing', async () => {
    work = await treeWith({});
    for (const path of ['stele-tasks', 'stele-tasks/key', 'stele-tasks/key/out']) await work.makeFolder(path, never);
    const scene = new Scene({ bucket, work }, ended);
    await scene.run('out');
    assert.equal(scene.row.staged?.out?.state, 'done');
    assert.deepEqual(await contentOf(bucket, 'results'), { 'results/old': 'old' });
  });
});

describe('a transfer', () => {
  const wish = async (from: FileTree, to: FileTree) => ({
    ...{ from, root: 'data', survey: await survey(from, 'data', never), to, target: 'copy' },
    ...{ isThere: () => false, moved: () => undefined, done: () => undefined },
  });

  it('tells of files in their order, each when all before it are there', async () => {
    const names = Array.from({ length: 30 }, (_, n) => `data/${String(n).padStart(2, '0')}`);
    const from = await treeWith(Object.fromEntries(names.map((name) => [name, name])));
    const seen: string[] = [];
    const to = await treeWith({});
    await transfer({ ...(await wish(from, to)), done: ({ path }) => void seen.push(`data/${path}`) }, never);
    assert.deepEqual(seen, names);
    assert.equal(Object.keys(await contentOf(to)).length, 30);
  });

  it('never takes a file that became shorter for whole', async () => {
    const from = await treeWith({ 'data/a': 'as it was' });
    const plan = await wish(from, await treeWith({}));
    await put(from, 'data/a', 'less');
    await rejectsWith('UNREACHABLE', transfer(plan, never));
    assert.deepEqual(await contentOf(plan.to), { 'copy/': '' });
  });

  it('takes no more of a file than was counted, whatever a store sends', async () => {
    const from = await treeWith({ 'data/a': 'as it was' });
    const pieces = Array.from({ length: 9 }, () => Buffer.alloc(4));
    const endless = replaced(from, { read: async () => Readable.from(pieces) });
    const plan = { ...(await wish(from, await treeWith({}))), from: endless };
    await rejectsWith('UNREACHABLE', transfer(plan, never));
    assert.deepEqual(await contentOf(plan.to), { 'copy/': '' });
  });

  it('ends with its first failure', async () => {
    const from = await treeWith({ 'data/a': 'a', 'data/b': 'b', 'data/c': 'c' });
    const broken = replaced(from, {
      read: (path: string, ...rest: [never, AbortSignal]) =>
        path === 'data/b' ? Promise.reject(new SteleError('DENIED', 'closed')) : from.read(path, ...rest),
    });
    await rejectsWith('DENIED', transfer(await wish(broken, await treeWith({})), never));
  });
});
