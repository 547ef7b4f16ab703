import assert from 'node:assert/strict';
import { progressWords } from './words.ts';

describe('progress in words', () => {
  const stage = { state: 'moving', files: 3, bytes: 12_000_000 } as const;

  it('is said before anything is counted', () => assert.equal(progressWords(stage), 'counting files'));
  it('names files and bytes', () => {
    const words = progressWords({ ...stage, allFiles: 10, allBytes: 1_200_000_000 });
    assert.equal(words, '3 of 10 files, 12 MB of 1.2 GB');
  });
});
