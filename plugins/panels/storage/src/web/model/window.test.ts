import assert from 'node:assert/strict';
import { columnsFor, heightOf, windowOf } from './window.ts';

describe('window over many rows', () => {
  const list = { count: 100_000, columns: 1, rowHeight: 40 };

  it('draws what is seen and a little more', () => {
    assert.deepEqual(windowOf(list, 0, 400, 5), { from: 0, to: 15, offset: 0 });
    assert.deepEqual(windowOf(list, 4000, 400, 5), { from: 95, to: 115, offset: 3800 });
  });
  it('stops at the ends', () => {
    assert.deepEqual(windowOf(list, 4_000_000, 400, 5), { from: 99_995, to: 100_000, offset: 3_999_800 });
    assert.deepEqual(windowOf({ ...list, count: 0 }, 0, 400), { from: 0, to: 0, offset: 0 });
    assert.deepEqual(windowOf(list, -2000, 400, 5), { from: 0, to: 0, offset: 0 });
  });
  it('counts whole rows of tiles', () => {
    const tiles = { count: 11, columns: 4, rowHeight: 100 };
    assert.deepEqual(windowOf(tiles, 100, 100, 0), { from: 4, to: 8, offset: 100 });
    assert.deepEqual(windowOf(tiles, 200, 100, 0), { from: 8, to: 11, offset: 200 });
    assert.equal(heightOf(tiles), 300);
  });
  it('finds how many fit', () => {
    assert.equal(columnsFor(320, 140, 12), 2);
    assert.equal(columnsFor(100, 140, 12), 1);
  });
});
