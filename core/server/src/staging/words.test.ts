import assert from 'node:assert/strict';
import { progressWords, sizeWords } from './words.ts';

describe('sizes in words', () => {
  for (const [bytes, words] of [
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1_000, '1.0 kB'],
    [99_900, '99.9 kB'],
    [123_456, '123 kB'],
    [999_999, '1000 kB'],
    [4_200_000_000, '4.2 GB'],
  ] as const) {
    it(`${bytes} are ${words}`, () => assert.equal(sizeWords(bytes), words));
  }
});

describe('progress in words', () => {
  const stage = { state: 'moving', files: 3, bytes: 12_000_000 } as const;

  it('is said before anything is counted', () => assert.equal(progressWords(stage), 'counting files'));
  it('names files and bytes', () => {
    const words = progressWords({ ...stage, allFiles: 10, allBytes: 1_200_000_000 });
    assert.equal(words, '3 of 10 files, 12.0 MB of 1.2 GB');
  });
});
