import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { eventually, rejectsWith, settlesWithin } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { bytesGivenBack, bytesOf, chunks, lentChunks, never, put, textAt } from './content.ts';
import { type FileTreeSubject, withTree } from './subject.ts';

const ranges: readonly (readonly [start: number, end: number | undefined, expected: string])[] = [
  [0, undefined, '0123456789'],
  [0, 0, '0'],
  [3, 5, '345'],
  [3, undefined, '3456789'],
  [9, 9, '9'],
  [8, 1_000, '89'],
  [10, undefined, ''],
  [1_000, undefined, ''],
];

export function describeReading(runner: Runner, { open }: FileTreeSubject): void {
  const { describe, it } = runner;
  describe('reading', () => {
    it('gives back every byte', () =>
      withTree(open, async (tree) => {
        const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 256));
        await tree.write('bytes', chunks(bytes.subarray(0, 7), bytes.subarray(7)), {}, never);
        const read = await bytesOf(await tree.read('bytes', undefined, never));
        assert(read.equals(bytes), 'what is read must be what was written');
        assert.equal((await tree.stat('bytes', never)).size, bytes.length);
      }));

    it('looks at no memory that was given back', () =>
      withTree(open, async (tree) => {
        const bytes = randomBytes(1_200_000);
        await tree.write('bytes', lentChunks(bytes), {}, never);
        const read = await bytesGivenBack(await tree.read('bytes', undefined, never));
        assert(read.equals(bytes), 'what is read must be what was written');
      }));

    it('reads an empty file', () =>
      withTree(open, async (tree) => {
        await put(tree, 'empty', '');
        assert.equal(await textAt(tree, 'empty'), '');
      }));

    it('reads ranges, both ends included', () =>
      withTree(open, async (tree) => {
        await put(tree, 'digits', '0123456789');
        for (const [start, end, expected] of ranges) {
          const range = end === undefined ? { start } : { start, end };
          assert.equal(
            String(await bytesOf(await tree.read('digits', range, never))),
            expected,
            `${start}–${end ?? ''}`,
          );
        }
      }));

    it('refuses ranges that are none', () =>
      withTree(open, async (tree) => {
        await put(tree, 'digits', '0123456789');
        for (const range of [{ start: -1 }, { start: 0.5 }, { start: 5, end: 4 }, { start: Number.NaN }]) {
          await rejectsWith('INVALID', tree.read('digits', range, never), 'range');
        }
      }));

    it('refuses to read a folder', () =>
      withTree(open, async (tree) => {
        await tree.makeFolder('folder', never);
        await rejectsWith('CONFLICT', tree.read('folder', undefined, never));
        await rejectsWith('CONFLICT', tree.read('', undefined, never));
      }));

    it('ends the stream when its caller gives up', () =>
      withTree(open, async (tree) => {
        await tree.write('large', chunks(Buffer.alloc(4 * 1024 * 1024)), {}, never);
        const giveUp = new AbortController();
        const stream = await tree.read('large', undefined, giveUp.signal);
        const broken = once(stream, 'error');
        giveUp.abort();
        await settlesWithin(5_000, 'an abort', broken);
        assert(stream.destroyed, 'the stream must be destroyed');
      }));

    it('can be left in the middle', () =>
      withTree(open, async (tree) => {
        await tree.write('large', chunks(Buffer.alloc(4 * 1024 * 1024)), {}, never);
        const stream = await tree.read('large', undefined, never);
        let isClosed = false;
        stream.once('close', () => (isClosed = true));
        for await (const _ of stream) break;
        await eventually('the stream closes', () => isClosed);
      }));
  });
}
