import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { StageTree, TaskHandle, TaskStage } from '../../computing.ts';
import { testUser } from '../call.ts';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { type Bench, randomKey } from './subject.ts';

const never = new AbortController().signal;
/** More than one piece, and no round number. */
const large = Buffer.from(Array.from({ length: 300_001 }, (_, index) => index % 251));
/** Where tasks see the folder. */
const target = '/stage';

/** What a driver promises that keeps folders of tasks' own. Where the resource of the world offers none, nothing is tested. */
export function describeTaskStage({ describe, it }: Runner, bench: () => Bench): void {
  describe('a folder of a task’s own, where it keeps any', () => {
    it('is there before the task and after it, with what the task left, until it is removed', () =>
      withStage(bench(), async (stage, task) => {
        await opened(bench(), stage, task, async (tree) => {
          for (const folder of ['in', 'in/deep', 'out']) await tree.makeFolder(folder, never);
          await write(tree, 'in/large', large);
          await write(tree, 'in/deep/empty', Buffer.alloc(0));
        });
        const copies = await runs(bench(), task);
        await bench().clean(task);
        await opened(bench(), stage, task, async (tree) => {
          assert((await read(tree, 'in/large', large.length)).equals(large), 'what was put there is there');
          if (copies)
            assert((await read(tree, 'out/large', large.length)).equals(large), 'what the task left is there');
          assert.deepEqual(await names(tree, 'in'), ['deep', 'large']);
          assert.equal((await tree.stat('in/deep/empty', never)).size, 0);
        });
        await stage.remove(bench().world.resource, task, bench().call());
        await opened(bench(), stage, task, async (tree) => assert.deepEqual(await names(tree, ''), []));
      }));

    it('is nobody else’s', () =>
      withStage(bench(), (stage, mine) =>
        withStage(bench(), async (_, theirs) => {
          await opened(bench(), stage, mine, (tree) => write(tree, 'whose', Buffer.from('mine')));
          await opened(bench(), stage, theirs, (tree) => rejectsWith('NOT_FOUND', tree.stat('whose', never)));
        }),
      ));

    it('has files whole or not at all, and says what isn’t there', () =>
      withStage(bench(), (stage, task) =>
        opened(bench(), stage, task, async (tree) => {
          async function* cut(): AsyncGenerator<Buffer> {
            yield large.subarray(0, 1_000);
            throw new Error('cut');
          }
          await write(tree, 'whole', Buffer.from('before'));
          await assert.rejects(tree.write('whole', cut(), { overwrite: true, size: large.length }, never));
          assert.equal((await read(tree, 'whole', 6)).toString(), 'before');
          await rejectsWith('CONFLICT', tree.write('whole', Readable.from([]), { size: 0 }, never));
          await rejectsWith('NOT_FOUND', tree.stat('nowhere', never));
          await rejectsWith('NOT_FOUND', write(tree, 'no/where', large));
          await tree.makeFolder('folder', never);
          await rejectsWith('CONFLICT', tree.makeFolder('folder', never));
          await rejectsWith('CONFLICT', write(tree, 'folder', large));
          for (const path of ['../out', '/out']) await rejectsWith('INVALID', tree.stat(path, never));
          await tree.remove('folder', never);
          await rejectsWith('NOT_FOUND', tree.remove('folder', never));
        }),
      ));
  });
}

/** A handle of a task that isn't there yet; what is kept for it is removed, twice. */
async function withStage(bench: Bench, work: (stage: TaskStage, task: TaskHandle) => Promise<unknown>): Promise<void> {
  const { driver, resource } = bench.world;
  const { stage } = driver;
  if (stage?.isOffered(resource) !== true) return;
  const task = { key: randomKey(), who: testUser };
  try {
    await work(stage, task);
  } finally {
    await stage.remove(resource, task, bench.call());
    await stage.remove(resource, task, bench.call());
  }
}

async function opened(
  bench: Bench,
  stage: TaskStage,
  task: TaskHandle,
  work: (tree: StageTree) => Promise<unknown>,
): Promise<void> {
  await using tree = await stage.open(bench.world.resource, task, bench.call());
  await work(tree);
}

/** Runs the task that copies. @returns whether the world has one */
async function runs(bench: Bench, { key }: TaskHandle): Promise<boolean> {
  const behaviour = bench.world.behaviours.bring?.(target);
  if (behaviour === undefined) return false;
  const task = await bench.submit(bench.launch({ ...behaviour, stage: target }, key));
  const { exitCode } = await bench.until(task, 'ended');
  assert.equal(exitCode, 0, await bench.log(task));
  return true;
}

async function write(tree: StageTree, path: string, content: Buffer): Promise<void> {
  const chunks = Readable.from([content.subarray(0, 100_000), content.subarray(100_000)]);
  await tree.write(path, chunks, { overwrite: true, size: content.length }, never);
}

async function read(tree: StageTree, path: string, size: number): Promise<Buffer> {
  const content = (await tree.read(path, { start: 0, end: size - 1 }, never)) as AsyncIterable<Buffer>;
  return Buffer.concat(await Array.fromAsync(content));
}

async function names(tree: StageTree, path: string): Promise<readonly string[]> {
  const { items } = await tree.list(path, { hidden: true }, never);
  return items.map(({ name }) => name).sort();
}
