import assert from 'node:assert/strict';
import type { Task } from '@stele/sdk/api';
import { mayBringBack, movingWords, shareOf } from './staging-words.ts';

const to = { storage: { name: 'Bucket' }, path: '' };
const stage = { state: 'moving', files: 1, bytes: 500, allFiles: 4, allBytes: 2_000, to, folder: 'x' } as const;

describe('files on their way', () => {
  for (const [what, part, share] of [
    ['by bytes', {}, 25],
    ['by files where they are empty', { bytes: 0, allBytes: 0 }, 25],
    ['all, of nothing', { files: 0, bytes: 0, allFiles: 0, allBytes: 0 }, 100],
    ['never more than all, where a file grew', { bytes: 3_000 }, 100],
  ] as const) {
    it(`are counted ${what}`, () => assert.equal(shareOf({ ...stage, ...part }), share));
  }

  it('are not counted before anybody has', () => {
    assert.equal(shareOf({ state: 'waiting', files: 0, bytes: 0, to, folder: 'x' }), undefined);
  });

  it('are told of in words', () => {
    assert.match(movingWords(stage), /^Results are brought back: 1 of 4 files, 500 bytes of 2 kB\.$/);
    assert.match(movingWords({ ...stage, state: 'waiting' }), /about to be/);
    assert.equal(movingWords({ ...stage, state: 'waiting', reason: 'The store is away.' }), 'The store is away.');
  });

  for (const [phase, state, isAllowed] of [
    ['running', 'idle', true],
    ['running', 'moving', false],
    ['ended', 'failed', true],
    ['ended', 'done', false],
    ['queued', 'idle', false],
  ] as const) {
    it(`can${isAllowed ? '' : 'not'} be asked for when the task is ${phase} and they are ${state}`, () => {
      const task = {
        phase,
        computing: { id: 'c', name: 'C' },
        staging: { out: { ...stage, state } },
      } as unknown as Task;
      assert.equal(mayBringBack(task), isAllowed);
    });
  }
});
