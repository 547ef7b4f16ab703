import assert from 'node:assert/strict';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { namesIn, never, put, textAt } from './content.ts';
import { type FileTreeSubject, withTree } from './subject.ts';

const mebibyte = Buffer.alloc(1024 * 1024, 'x');

async function* tooMuch(): AsyncGenerator<Uint8Array, void, undefined> {
  for (let count = 0; count < 64; count += 1) yield mebibyte;
}

export function describeRoom({ describe, it }: Runner, { open, openSmall }: FileTreeSubject): void {
  describe('room', () => {
    it('tells what is left, or that it can’t', () =>
      withTree(open, async (tree) => {
        const usage = await tree.usage(never);
        if (usage === undefined) return;
        assert(usage.total > 0 && usage.free >= 0 && usage.free <= usage.total, `${usage.free} of ${usage.total}`);
      }));

    if (openSmall === undefined) return;

    it('says LIMIT when it is used up, and leaves what was there', () =>
      withTree(openSmall, async (tree) => {
        await put(tree, 'file', 'old');
        const before = await tree.usage(never);
        await rejectsWith('LIMIT', tree.write('file', tooMuch(), { overwrite: true }, never));
        await rejectsWith('LIMIT', tree.write('other', tooMuch(), {}, never));
        assert.equal(await textAt(tree, 'file'), 'old');
        assert.deepEqual(await namesIn(tree, ''), ['file'], 'nothing may be left of what did not fit');
        assert.equal((await tree.usage(never))?.free, before?.free, 'the room must be free again');
      }));

    it('takes back what it added to a file when the rest does not fit', () =>
      withTree(openSmall, async (tree) => {
        await put(tree, 'file', '0123');
        await rejectsWith('LIMIT', tree.write('file', tooMuch(), { offset: 4 }, never));
        assert.equal((await tree.stat('file', never)).size, 4);
        assert.equal(await textAt(tree, 'file'), '0123');
      }));
  });
}
