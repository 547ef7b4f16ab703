import assert from 'node:assert/strict';
import { Slabs } from './slabs.ts';

/** Lets a read of `text` happen. */
function read(slabs: Slabs, text: string): Buffer {
  slabs.next().write(text);
  return slabs.take(text.length);
}

describe('slabs', () => {
  it('never give the same bytes to two reads', () => {
    const slabs = new Slabs();
    const seen = Array.from({ length: 40 }, (_, index) => read(slabs, String(index).padEnd(10_000, '.')));
    assert.deepEqual(
      seen.map((bytes) => Number.parseInt(bytes.toString(), 10)),
      seen.map((_, index) => index),
    );
  });

  it('share memory among small reads', () => {
    const slabs = new Slabs();
    assert.equal(read(slabs, 'one').buffer, read(slabs, 'two').buffer);
  });

  it('grow while reads fill them, up to 256 KiB, and always leave room for a read', () => {
    const slabs = new Slabs();
    const sizes = Array.from({ length: 5 }, () => slabs.take(slabs.next().length).length / 1024);
    assert.deepEqual(sizes, [64, 128, 256, 256, 256]);
    slabs.take(slabs.next().length * 0.7);
    assert(slabs.next().length >= 64 * 1024);
    slabs.take(16 * 1024);
    assert.equal(slabs.next().length, 256 * 1024);
  });

  it('offer the same place until something was read', () => {
    const slabs = new Slabs();
    assert.equal(slabs.next().byteOffset, slabs.next().byteOffset);
    assert.equal(slabs.next().buffer, slabs.next().buffer);
  });
});
