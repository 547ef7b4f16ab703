import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FileTree } from '@stele/sdk';
import { isSteleError } from '@stele/sdk';
import { makeOutside } from '../../testing/tree-world.ts';
import { LocalFileTree } from './tree.ts';

const swapper = fileURLToPath(new URL('../../testing/swapper.ts', import.meta.url));
const never = new AbortController().signal;
const duration = 600;

interface Scene {
  readonly root: string;
  readonly outside: Awaited<ReturnType<typeof makeOutside>>;
  readonly child: ChildProcess;
  readonly folder: string;
}

async function open(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'stele-race-'));
  const root = join(folder, 'root');
  await mkdir(join(root, 'swap'), { recursive: true });
  await writeFile(join(root, 'swap', 'secret'), 'inside');
  const outside = await makeOutside(join(folder, 'outside'));
  const child = spawn(process.execPath, [swapper, root, outside.path], { stdio: ['ignore', 'pipe', 'inherit'] });
  assert(child.stdout !== null);
  await once(child.stdout, 'data');
  return { root, outside, child, folder };
}

async function close({ child, folder }: Scene): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  await rm(folder, { recursive: true });
}

/** Does something over and over, and counts how it went. */
async function hammer(work: () => Promise<unknown>, until: () => boolean = () => false): Promise<Map<string, number>> {
  const outcomes = new Map<string, number>();
  const deadline = performance.now() + duration;
  while (performance.now() < deadline && !until()) {
    const outcome = await work().then(
      () => 'done',
      (error: unknown) => {
        if (!isSteleError(error)) throw error;
        return error.code;
      },
    );
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  }
  return outcomes;
}

async function text(tree: FileTree, path: string): Promise<string> {
  let all = '';
  for await (const chunk of await tree.read(path, undefined, never)) all += String(chunk);
  return all;
}

async function* content(): AsyncGenerator<Uint8Array, void, undefined> {
  yield Buffer.from('written');
}

const swapped: readonly (readonly [what: string, work: (tree: FileTree) => Promise<unknown>])[] = [
  [
    'reading',
    async (tree) => assert.notEqual(await text(tree, 'swap/secret'), 'the secret', 'read a file outside of the root'),
  ],
  [
    'listing',
    async (tree) => {
      const { items } = await tree.list('swap', {}, never);
      for (const item of items) assert.notEqual(item.size, 'the secret'.length, 'listed a folder outside of the root');
    },
  ],
  ['writing', (tree) => tree.write('swap/secret', content(), { overwrite: true }, never)],
  ['writing new files', (tree) => tree.write(`swap/${Math.random()}`, content(), {}, never)],
  ['writing in the middle', (tree) => tree.write('swap/secret', content(), { offset: 0 }, never)],
  ['making folders', (tree) => tree.makeFolder(`swap/${Math.random()}`, never)],
  ['moving out of it', (tree) => tree.move('swap/secret', `kept-${Math.random()}`, never)],
  [
    'copying out of it',
    async (tree) => {
      const name = `copied-${Math.random()}`;
      await tree.copy('swap/secret', name, never);
      assert.notEqual(await text(tree, name), 'the secret', 'copied a file from outside of the root');
    },
  ],
  ['removing in it', (tree) => tree.remove('swap/secret', never)],
  ['removing it', (tree) => tree.remove('swap', never)],
];

describe('a folder that is swapped for a link to the outside all the time', function () {
  this.timeout(20_000);

  it('does fool who checks a path first and uses it then', async () => {
    const scene = await open();
    const path = join(scene.root, 'swap', 'secret');
    let wasFooled = false;
    const naive = async () => {
      if (!(await realpath(path)).startsWith(scene.root)) return;
      wasFooled ||= (await readFile(path, 'utf8')) === 'the secret';
    };
    await hammer(
      () => naive().catch(() => undefined),
      () => wasFooled,
    );
    await close(scene);
    assert(wasFooled, 'the swapping must be fast enough to matter');
  });

  for (const [what, work] of swapped) {
    it(`doesn’t lead ${what} out`, async () => {
      const scene = await open();
      const before = await scene.outside.state();
      const tree = new LocalFileTree(scene.root);
      const outcomes = await hammer(() => work(tree)).finally(() => scene.child.kill('SIGKILL'));
      assert.equal(await scene.outside.state(), before, 'nothing outside may change');
      await close(scene);
      const refused = [...outcomes].reduce((sum, [code, count]) => sum + (code === 'done' ? 0 : count), 0);
      assert(refused > 0, `the swapping must have been met: ${JSON.stringify([...outcomes])}`);
    });
  }
});
