import assert from 'node:assert/strict';
import { borrow, giveBack, lend, lendingSize, worthLending } from './lent-memory.ts';

describe('memory that is lent', () => {
  const half = lendingSize / 2;
  const filled = (text: string, length: number): Buffer => lend(borrow().fill(text), length);

  it('is used again when it has been given back, whole', () => {
    const chunk = filled('a', half);
    const { buffer } = chunk;
    assert.deepEqual(chunk, Buffer.alloc(half, 'a'));
    giveBack(chunk);
    const next = borrow();
    assert.equal(next.buffer, buffer);
    assert.equal(next.length, lendingSize);
  });

  it('is used again when all of its parts are back, in whatever order', () => {
    const chunk = filled('a', half);
    for (const [from, to] of [
      [20, half],
      [0, 7],
      [9, 20],
    ] as const)
      giveBack(chunk.subarray(from, to));
    assert.notEqual(borrow().buffer, chunk.buffer);
    giveBack(chunk.subarray(7, 9));
    assert.equal(borrow().buffer, chunk.buffer);
  });

  it('is nobody else’s while a part of it is out, or after it was given back once', () => {
    const chunk = filled('a', half);
    for (const again of [1, 2]) giveBack(chunk.subarray(0, half / again));
    assert.equal(borrow().buffer, chunk.buffer);
    assert.notEqual(borrow().buffer, chunk.buffer);
    const other = filled('b', half);
    giveBack(other.subarray(0, half - 1));
    // Back already, in part or all of it: a byte is still out.
    giveBack(other.subarray(1));
    giveBack(other.subarray(1, 2));
    giveBack(other);
    giveBack(Buffer.from(other.buffer));
    assert.notEqual(borrow().buffer, other.buffer);
    giveBack(other.subarray(half - 1));
    assert.equal(borrow().buffer, other.buffer);
  });

  it('is not kept for a few bytes: they are copied', () => {
    const memory = borrow().fill('x');
    const chunk = lend(memory, worthLending - 1);
    assert.notEqual(chunk.buffer, memory.buffer);
    assert.equal(borrow().buffer, memory.buffer);
    assert.equal(chunk.length, worthLending - 1);
  });

  it('is taken from nobody who has memory of his own', () => {
    const own = Buffer.allocUnsafeSlow(lendingSize);
    giveBack(own);
    assert.notEqual(borrow().buffer, own.buffer);
  });
});
