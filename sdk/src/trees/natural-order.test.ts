import assert from 'node:assert/strict';
import { naturalKey } from './natural-order.ts';

const inOrder: readonly (readonly string[])[] = [
  ['file 1', 'file 2', 'file 9', 'file 10', 'file 99', 'file 100'],
  ['a', 'B', 'c'],
  ['eclair', 'éclat', 'ecran'],
  ['1.2.3', '1.2.10', '1.10.0', '2.0.0'],
  ['9', '10', '999999999', '1000000000', `1${'0'.repeat(30)}`, `2${'0'.repeat(30)}`, `1${'0'.repeat(31)}`],
  ['2026-01-09', '2026-01-10', '2026-02-01'],
  ['a1b2', 'a1b10', 'a2b1'],
  ['', ' ', '1', 'a'],
];

describe('natural order', () => {
  for (const names of inOrder) {
    it(names.join(' < ').slice(0, 60), () => {
      const sorted = names.toReversed().sort((left, right) => (naturalKey(left) < naturalKey(right) ? -1 : 1));
      assert.deepEqual(sorted, names);
    });
  }

  it('takes leading zeros for nothing', () => assert.equal(naturalKey('img007'), naturalKey('IMG7')));

  it('is quick on hostile names', () => {
    const start = performance.now();
    for (const name of ['0'.repeat(255), '9'.repeat(255), '0a'.repeat(127), 'e\u0301'.repeat(127)]) naturalKey(name);
    assert(performance.now() - start < 100);
  });
});
