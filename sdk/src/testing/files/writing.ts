import assert from 'node:assert/strict';
import { rejectsWith, settlesWithin } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { breaking, chunks, gated, namesIn, never, put, silent, textAt } from './content.ts';
import { type FileTreeSubject, withTree } from './subject.ts';

export function describeWriting(runner: Runner, subject: FileTreeSubject): void {
  runner.describe('writing', () => {
    describeWhole(runner, subject);
    describeBroken(runner, subject);
    describeOffset(runner, subject);
  });
}

function describeWhole({ it }: Runner, { open }: FileTreeSubject): void {
  it('describes what it wrote', () =>
    withTree(open, async (tree) => {
      await tree.makeFolder('folder', never);
      const entry = await tree.write('folder/file', chunks('one', '', 'two'), {}, never);
      assert.equal(entry.name, 'file');
      assert.equal(entry.path, 'folder/file');
      assert.equal(entry.kind, 'file');
      assert.equal(entry.size, 6);
      assert(Math.abs(Date.parse(entry.modifiedAt ?? '') - Date.now()) < 120_000, 'the time must be now');
      assert.match(entry.modifiedAt ?? '', /Z$/);
      assert.deepEqual(await tree.stat('folder/file', never), entry);
    }));

  it('says at least how much it wrote where nobody looks', () =>
    withTree(open, async (tree) => {
      const entry = await tree.write('file', chunks('one', '', 'two'), { unseen: true }, never);
      const { name, path, kind, size } = entry;
      assert.deepEqual({ name, path, kind, size }, { name: 'file', path: 'file', kind: 'file', size: 6 });
      assert.equal(await textAt(tree, 'file'), 'onetwo');
    }));

  it('replaces a file only when told to', () =>
    withTree(open, async (tree) => {
      await tree.write('file', chunks('old'), {}, never);
      await rejectsWith('CONFLICT', tree.write('file', chunks('new'), {}, never));
      assert.equal(await textAt(tree, 'file'), 'old');
      await tree.write('file', chunks('n'), { overwrite: true }, never);
      assert.equal(await textAt(tree, 'file'), 'n');
      assert.deepEqual(await namesIn(tree, ''), ['file']);
    }));

  it('never puts a file in the place of a folder', () =>
    withTree(open, async (tree) => {
      await tree.makeFolder('folder', never);
      await rejectsWith('CONFLICT', tree.write('folder', chunks('x'), { overwrite: true }, never));
      assert.equal((await tree.stat('folder', never)).kind, 'folder');
      assert.deepEqual(await namesIn(tree, ''), ['folder']);
    }));

  it('lets one of several writers win and tells the others', () =>
    withTree(open, async (tree) => {
      const texts = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(100_000));
      const outcomes = await Promise.allSettled(texts.map((text) => tree.write('file', chunks(text), {}, never)));
      const winner = outcomes.findIndex((outcome) => outcome.status === 'fulfilled');
      assert.equal(outcomes.filter((outcome) => outcome.status === 'fulfilled').length, 1, 'exactly one must win');
      assert.equal(await textAt(tree, 'file'), texts[winner]);
      assert.deepEqual(await namesIn(tree, ''), ['file']);
    }));
}

function describeBroken({ it }: Runner, { open }: FileTreeSubject): void {
  it('shows the old file until the new one is whole', () =>
    withTree(open, async (tree) => {
      await put(tree, 'file', 'old');
      const gate = Promise.withResolvers<void>();
      const writing = tree.write('file', gated('new, ', gate.promise, 'whole'), { overwrite: true }, never);
      await new Promise((resolve) => setTimeout(resolve, 50));
      const meanwhile = await textAt(tree, 'file');
      gate.resolve();
      await writing;
      assert.equal(meanwhile, 'old');
      assert.equal(await textAt(tree, 'file'), 'new, whole');
    }));

  it('leaves the old file when the source breaks', () =>
    withTree(open, async (tree) => {
      await put(tree, 'file', 'old');
      await assert.rejects(tree.write('file', breaking('new'), { overwrite: true }, never));
      await assert.rejects(tree.write('other', breaking('new'), {}, never));
      assert.equal(await textAt(tree, 'file'), 'old');
      assert.deepEqual(await namesIn(tree, ''), ['file'], 'nothing may be left of a write that failed');
    }));

  it('leaves the old file when its caller gives up, also while the source is silent', () =>
    withTree(open, async (tree) => {
      await put(tree, 'file', 'old');
      const work = tree.write('file', silent('new'), { overwrite: true }, AbortSignal.timeout(50));
      await settlesWithin(5_000, 'an abort', rejectsWith('UNREACHABLE', work));
      assert.equal(await textAt(tree, 'file'), 'old');
      assert.deepEqual(await namesIn(tree, ''), ['file'], 'nothing may be left of a write that was given up');
    }));
}

function describeOffset({ it }: Runner, { open, writesWithin = true }: FileTreeSubject): void {
  if (!writesWithin) {
    it('says that it writes whole files only', () =>
      withTree(open, async (tree) => {
        await put(tree, 'file', '0123');
        await rejectsWith('UNSUPPORTED', tree.write('file', chunks('x'), { offset: 1 }, never));
        assert.equal(await textAt(tree, 'file'), '0123');
      }));
    return;
  }
  it('writes from a place in a file on', () =>
    withTree(open, async (tree) => {
      await put(tree, 'file', '0123456789');
      await tree.write('file', chunks('ab', 'c'), { offset: 3 }, never);
      assert.equal(await textAt(tree, 'file'), '012abc6789');
      const entry = await tree.write('file', chunks('xyz'), { offset: 10 }, never);
      assert.equal(entry.size, 13);
      assert.equal(await textAt(tree, 'file'), '012abc6789xyz');
    }));

  it('leaves no hole before what it writes', () =>
    withTree(open, async (tree) => {
      await put(tree, 'file', '0123456789');
      await rejectsWith('CONFLICT', tree.write('file', chunks('x'), { offset: 11 }, never));
      await rejectsWith('NOT_FOUND', tree.write('nothing', chunks('x'), { offset: 0 }, never));
      for (const offset of [-1, 0.5, Number.NaN]) {
        await rejectsWith('INVALID', tree.write('file', chunks('x'), { offset }, never), 'offset');
      }
      assert.equal(await textAt(tree, 'file'), '0123456789');
      assert.deepEqual(await namesIn(tree, ''), ['file']);
    }));
}
