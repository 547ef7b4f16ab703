import assert from 'node:assert/strict';
import type { FileTree } from '../../files.ts';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { namesIn, never, put } from './content.ts';
import { type FileTreeSubject, withTree } from './subject.ts';

const inOrder = ['folder 2', 'folder 10', 'Zebras', 'a1', 'b', 'file 1', 'File 2', 'file 10', 'file 100', 'z'];
const folders = new Set(['folder 2', 'folder 10', 'Zebras']);

export function describeListing(runner: Runner, { open }: FileTreeSubject): void {
  const { describe, it } = runner;
  describe('listing', () => {
    it('gives folders first, then names as people count', () =>
      withTree(open, async (tree) => {
        for (const name of [...inOrder].reverse()) {
          await (folders.has(name) ? tree.makeFolder(name, never) : put(tree, name, name));
        }
        const { items, total, next } = await tree.list('', {}, never);
        assert.deepEqual(
          items.map((item) => item.name),
          inOrder,
        );
        assert.equal(total, inOrder.length);
        assert.equal(next, undefined);
        for (const item of items) assert.deepEqual(await tree.stat(item.path, never), item);
      }));

    it('gives each entry once, whatever the size of the pages', () =>
      withTree(open, async (tree) => {
        const names = Array.from({ length: 23 }, (_, index) => `file ${index + 1}`);
        for (const name of names) await put(tree, name, '');
        await tree.makeFolder('a folder', never);
        for (const limit of [1, 2, 3, 7, 23, 24, 25, 1_000]) {
          assert.deepEqual(await namesIn(tree, '', { limit }), ['a folder', ...names], `pages of ${limit}`);
        }
        assert.equal((await tree.list('', { limit: 5 }, never)).items.length, 5);
        assert.equal((await tree.list('', { limit: 5 }, never)).total, 24);
      }));

    for (const [what, change] of [
      ['loses no entry when others go', (tree: FileTree) => tree.remove('d', never)],
      ['gives no entry twice when others come', (tree: FileTree) => put(tree, 'a', '')],
    ] as const) {
      it(`${what} between the pages`, () =>
        withTree(open, async (tree) => {
          for (const name of ['b', 'd', 'f', 'h']) await put(tree, name, '');
          const first = await tree.list('', { limit: 2 }, never);
          await change(tree);
          assert(first.next !== undefined, 'there must be another page');
          assert.deepEqual(await namesIn(tree, '', { cursor: first.next, limit: 2 }), ['f', 'h']);
        }));
    }

    it('shows hidden names only when asked', () =>
      withTree(open, async (tree) => {
        await put(tree, '.hidden', '');
        await tree.makeFolder('.folder', never);
        await put(tree, 'seen', '');
        assert.deepEqual(await namesIn(tree, '', {}), ['seen']);
        assert.equal((await tree.list('', {}, never)).total, 1);
        assert.deepEqual((await namesIn(tree, '', { hidden: true })).sort(), ['.folder', '.hidden', 'seen']);
      }));

    it('lists an empty folder', () =>
      withTree(open, async (tree) => {
        await tree.makeFolder('empty', never);
        assert.deepEqual(await tree.list('empty', {}, never), { items: [], total: 0 });
      }));

    it('gives paths that lead to the entries', () =>
      withTree(open, async (tree) => {
        await tree.makeFolder('a', never);
        await tree.makeFolder('a/b', never);
        await put(tree, 'a/b/file', 'x');
        const [entry] = (await tree.list('a/b', {}, never)).items;
        assert.equal(entry?.path, 'a/b/file');
        assert.equal(entry.name, 'file');
      }));

    it('refuses what can’t be a page', () =>
      withTree(open, async (tree) => {
        await put(tree, 'file', 'x');
        for (const limit of [0, -1, 1_001, 1.5]) await rejectsWith('INVALID', tree.list('', { limit }, never), 'limit');
        await rejectsWith('INVALID', tree.list('', { cursor: 'not a cursor' }, never), 'cursor');
        await rejectsWith('CONFLICT', tree.list('file', {}, never));
      }));
  });
}
