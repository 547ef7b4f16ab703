import assert from 'node:assert/strict';
import type { FileTree } from '../../files.ts';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { namesIn, never, put, textAt } from './content.ts';
import { type FileTreeSubject, withTree } from './subject.ts';

export function describeFolders(runner: Runner, subject: FileTreeSubject): void {
  describeMaking(runner, subject);
  describeMoving(runner, subject);
  describeCopying(runner, subject);
  describeRemoving(runner, subject);
}

/** `folder/file`, `folder/deep/file` and `other`. */
async function plant(tree: FileTree): Promise<void> {
  await tree.makeFolder('folder', never);
  await tree.makeFolder('folder/deep', never);
  await put(tree, 'folder/file', 'one');
  await put(tree, 'folder/deep/file', 'two');
  await put(tree, 'other', 'three');
}

function describeMaking({ describe, it }: Runner, { open }: FileTreeSubject): void {
  describe('making folders', () => {
    it('makes one and describes it', () =>
      withTree(open, async (tree) => {
        const entry = await tree.makeFolder('folder', never);
        assert.equal(entry.kind, 'folder');
        assert.equal(entry.size, 0);
        assert.equal(entry.path, 'folder');
      }));

    it('refuses a name that is taken', () =>
      withTree(open, async (tree) => {
        await plant(tree);
        await rejectsWith('CONFLICT', tree.makeFolder('folder', never));
        await rejectsWith('CONFLICT', tree.makeFolder('other', never));
        await rejectsWith('CONFLICT', tree.makeFolder('other/inner', never));
        assert.equal(await textAt(tree, 'folder/file'), 'one');
      }));
  });
}

function describeMoving({ describe, it }: Runner, { open }: FileTreeSubject): void {
  describe('moving', () => {
    it('moves files and folders with all that is in them', () =>
      withTree(open, async (tree) => {
        await plant(tree);
        assert.equal((await tree.move('other', 'folder/moved', never)).path, 'folder/moved');
        assert.equal((await tree.move('folder', 'renamed', never)).kind, 'folder');
        assert.deepEqual(await namesIn(tree, ''), ['renamed']);
        assert.equal(await textAt(tree, 'renamed/moved'), 'three');
        assert.equal(await textAt(tree, 'renamed/deep/file'), 'two');
      }));

    it('replaces nothing', () =>
      withTree(open, async (tree) => {
        await plant(tree);
        await tree.makeFolder('empty', never);
        for (const [from, to] of [
          ['other', 'folder/file'],
          ['other', 'empty'],
          ['other', 'other'],
          ['folder', 'other'],
          ['folder', 'empty'],
          ['empty', 'folder'],
          ['folder', 'folder'],
        ] as const) {
          await rejectsWith('CONFLICT', tree.move(from, to, never));
        }
        assert.deepEqual(await namesIn(tree, ''), ['empty', 'folder', 'other']);
        assert.equal(await textAt(tree, 'folder/file'), 'one');
        assert.equal(await textAt(tree, 'other'), 'three');
      }));

    it('refuses to put a folder into itself, and a target without a parent', () =>
      withTree(open, async (tree) => {
        await plant(tree);
        await rejectsWith(['CONFLICT', 'INVALID'], tree.move('folder', 'folder/deep/inner', never));
        await rejectsWith('NOT_FOUND', tree.move('other', 'no/where', never));
        assert.deepEqual(await namesIn(tree, 'folder'), ['deep', 'file']);
        assert.deepEqual(await namesIn(tree, 'folder/deep'), ['file']);
      }));
  });
}

function describeCopying({ describe, it }: Runner, { open }: FileTreeSubject): void {
  describe('copying', () => {
    it('copies files and folders with all that is in them', () =>
      withTree(open, async (tree) => {
        await plant(tree);
        await tree.copy('other', 'folder/copied', never);
        const entry = await tree.copy('folder', 'twin', never);
        assert.equal(entry.kind, 'folder');
        await put(tree, 'twin/deep/file', 'changed');
        assert.equal(await textAt(tree, 'folder/deep/file'), 'two', 'a copy is independent');
        assert.equal(await textAt(tree, 'twin/copied'), 'three');
        assert.equal(await textAt(tree, 'other'), 'three');
        assert.deepEqual(await namesIn(tree, 'twin'), ['deep', 'copied', 'file']);
      }));

    it('replaces nothing', () =>
      withTree(open, async (tree) => {
        await plant(tree);
        for (const [from, to] of [
          ['other', 'folder'],
          ['other', 'folder/file'],
          ['folder', 'other'],
          ['folder', 'folder'],
        ] as const) {
          await rejectsWith('CONFLICT', tree.copy(from, to, never));
        }
        assert.equal(await textAt(tree, 'folder/file'), 'one');
        assert.equal(await textAt(tree, 'other'), 'three');
        assert.deepEqual(await namesIn(tree, ''), ['folder', 'other']);
      }));

    it('refuses to copy a folder into itself', () =>
      withTree(open, async (tree) => {
        await plant(tree);
        await rejectsWith(['CONFLICT', 'INVALID'], tree.copy('folder', 'folder/deep/inner', never));
        assert.deepEqual(await namesIn(tree, 'folder/deep'), ['file']);
      }));
  });
}

function describeRemoving({ describe, it }: Runner, { open }: FileTreeSubject): void {
  describe('removing', () => {
    it('removes a file', () =>
      withTree(open, async (tree) => {
        await plant(tree);
        await tree.remove('folder/file', never);
        await rejectsWith('NOT_FOUND', tree.stat('folder/file', never));
        assert.deepEqual(await namesIn(tree, 'folder'), ['deep']);
      }));

    it('removes a folder with all that is in it, and nothing beside it', () =>
      withTree(open, async (tree) => {
        await plant(tree);
        await tree.remove('folder', never);
        assert.deepEqual(await namesIn(tree, ''), ['other']);
        await rejectsWith('NOT_FOUND', tree.remove('folder', never));
      }));
  });
}
