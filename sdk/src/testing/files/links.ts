import assert from 'node:assert/strict';
import type { FileTree } from '../../files.ts';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { chunks, namesIn, never, put, textAt } from './content.ts';
import { type FileTreeSubject, type Outside, type TreeWorld, withTree } from './subject.ts';

type Link = (path: string, target: string) => Promise<void>;

/** Systems without links have nothing to show here: their tests pass without a word. */
export function describeLinks({ describe, it }: Runner, { open }: FileTreeSubject): void {
  const withLinks = (use: (tree: FileTree, link: Link) => Promise<void>) => () =>
    withTree(open, async (tree, { link }) => (link === undefined ? undefined : use(tree, link)));
  describe('links', () => {
    it(
      'are described by what they lead to within the tree',
      withLinks(async (tree, link) => {
        await tree.makeFolder('folder', never);
        await put(tree, 'folder/file', 'text');
        await link('to-file', 'folder/file');
        await link('folder/to-folder', '../folder');
        assert.equal((await tree.stat('to-file', never)).kind, 'file');
        assert.equal((await tree.stat('to-file', never)).size, 4);
        assert.equal((await tree.stat('folder/to-folder', never)).kind, 'folder');
        assert.equal(await textAt(tree, 'to-file'), 'text');
        assert.equal(await textAt(tree, 'folder/to-folder/file'), 'text');
      }),
    );

    it(
      'that lead nowhere or in circles are links, and dead ends',
      withLinks(async (tree, link) => {
        await link('nowhere', 'not-there');
        await link('circle', 'circle');
        for (const name of ['circle', 'nowhere']) {
          assert.equal((await tree.stat(name, never)).kind, 'link');
          await rejectsWith(['NOT_FOUND', 'CONFLICT', 'DENIED'], tree.read(name, undefined, never));
          await rejectsWith(['NOT_FOUND', 'CONFLICT', 'DENIED'], tree.stat(`${name}/inner`, never));
        }
        assert.deepEqual(await namesIn(tree, ''), ['circle', 'nowhere']);
      }),
    );

    it(
      'are removed and moved themselves, not what they lead to',
      withLinks(async (tree, link) => {
        await tree.makeFolder('folder', never);
        await put(tree, 'folder/file', 'text');
        await link('to-folder', 'folder');
        await tree.move('to-folder', 'moved', never);
        await tree.remove('moved', never);
        assert.equal(await textAt(tree, 'folder/file'), 'text');
        assert.deepEqual(await namesIn(tree, ''), ['folder']);
      }),
    );
  });
  describe('links that lead out', () => describeOutside(it, open));
}

function describeOutside(it: Runner['it'], open: () => Promise<TreeWorld>): void {
  const withOutside = (use: (tree: FileTree, link: Link, outside: Outside) => Promise<void>) => () =>
    withTree(open, async (tree, { link, outside }) => {
      if (link === undefined || outside === undefined) return;
      const before = await outside.state();
      await use(tree, link, outside);
      assert.equal(await outside.state(), before, 'nothing outside of the tree may change');
    });

  it(
    'are described as links and never read',
    withOutside(async (tree, link, outside) => {
      await link('out', outside.path);
      await link('secret', `${outside.path}/secret`);
      for (const name of ['out', 'secret']) assert.equal((await tree.stat(name, never)).kind, 'link');
      const { items } = await tree.list('', {}, never);
      assert.deepEqual(
        items.map((item) => item.kind),
        ['link', 'link'],
      );
      await rejectsWith('DENIED', tree.read('secret', undefined, never));
      await rejectsWith('DENIED', tree.read('out/secret', undefined, never));
      await rejectsWith('DENIED', tree.stat('out/secret', never));
      await rejectsWith('DENIED', tree.list('out', {}, never));
      await rejectsWith('DENIED', tree.copy('secret', 'copied', never));
      await rejectsWith('DENIED', tree.copy('out', 'copied', never));
      await rejectsWith('DENIED', tree.copy('out/secret', 'copied', never));
    }),
  );

  it(
    'are never written through',
    withOutside(async (tree, link, outside) => {
      await link('out', outside.path);
      await link('secret', `${outside.path}/secret`);
      await link('new', `${outside.path}/new`);
      await put(tree, 'file', 'x');
      await rejectsWith('DENIED', put(tree, 'secret', 'changed'));
      await rejectsWith('DENIED', put(tree, 'new', 'made'));
      await rejectsWith('DENIED', put(tree, 'out/secret', 'changed'));
      await rejectsWith('DENIED', tree.write('secret', chunks('x'), { offset: 0 }, never));
      await rejectsWith('DENIED', tree.makeFolder('out/folder', never));
      await rejectsWith('DENIED', tree.move('file', 'out/file', never));
      await rejectsWith('DENIED', tree.move('out/secret', 'stolen', never));
      await rejectsWith('DENIED', tree.copy('file', 'out/file', never));
      await rejectsWith('DENIED', tree.remove('out/secret', never));
    }),
  );

  it(
    'are not followed when a folder is removed or copied',
    withOutside(async (tree, link, outside) => {
      await tree.makeFolder('folder', never);
      await link('folder/out', outside.path);
      await tree.copy('folder', 'copied', never);
      assert.equal((await tree.stat('copied/out', never)).kind, 'link');
      await tree.remove('folder', never);
      await tree.remove('copied', never);
      assert.deepEqual(await namesIn(tree, ''), []);
    }),
  );

  it(
    'stay dead ends when they climb or lead through other links',
    withOutside(async (tree, link, outside) => {
      await tree.makeFolder('folder', never);
      await link('folder/climb', `../..${outside.path}`);
      await link('folder/far', `../../../../../../../../../../../..${outside.path}`);
      await link('out', outside.path);
      await link('folder/via', '../out');
      await link('folder/back', `${outside.path}/../..`);
      for (const name of ['climb', 'far', 'via', 'back']) {
        assert.equal((await tree.stat(`folder/${name}`, never)).kind, 'link');
        await rejectsWith(['DENIED', 'NOT_FOUND'], tree.read(`folder/${name}/secret`, undefined, never));
      }
    }),
  );
}
