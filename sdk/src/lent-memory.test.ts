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

  it('is nobody else’s while a part of it is out, or after it was given back once', () => {
    const chunk = filled('a', half);
    giveBack(chunk.subarray(0, half - 1));
    giveBack(chunk.subarray(1));
    assert.notEqual(borrow().buffer, chunk.buffer);
    giveBack(chunk);
    giveBack(chunk);
    assert.equal(borrow().buffer, chunk.buffer);
    assert.notEqual(borrow().buffer, chunk.buffer);
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
