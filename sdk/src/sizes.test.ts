import assert from 'node:assert/strict';
import { bytesInWords, memoryInWords } from './sizes.ts';

describe('sizes in words', () => {
  for (const [bytes, words] of [
    [0, '0 bytes'],
    [1, '1 byte'],
    [999, '999 bytes'],
    [1000, '1 kB'],
    [1440, '1.4 kB'],
    [15_500_000, '16 MB'],
    [7_250_000_000, '7.3 GB'],
    [3e18, '3,000 PB'],
  ] as const) {
    it(`${bytes} are ${words}`, () => assert.equal(bytesInWords(bytes), words));
  }

  for (const [bytes, words] of [
    [0, '0 B'],
    [1023, '1,023 B'],
    [1024, '1 KiB'],
    [1.5 * 1024 ** 2, '1.5 MiB'],
    [4 * 1024 ** 3, '4 GiB'],
    [252.3 * 1024 ** 3, '252 GiB'],
  ] as const) {
    it(`${bytes} of memory are ${words}`, () => assert.equal(memoryInWords(bytes), words));
  }

  it('are written as the language does', () => {
    assert.equal(bytesInWords(1_500_000, 'de'), '1,5 MB');
    assert.equal(memoryInWords(1.5 * 1024 ** 2, 'de'), '1,5 MiB');
  });
});
