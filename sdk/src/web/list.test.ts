import assert from 'node:assert/strict';
import { matches, removed, upserted } from './list.ts';

describe('rows of a live list', () => {
  const rows = [
    { id: 'a', n: 1 },
    { id: 'b', n: 1 },
  ];

  it('keeps the place of a row that changed', () => {
    assert.deepEqual(upserted(rows, { id: 'b', n: 2 }), [
      { id: 'a', n: 1 },
      { id: 'b', n: 2 },
    ]);
  });

  it('puts a new row first', () => {
    assert.deepEqual(
      upserted(rows, { id: 'c', n: 1 }).map((row) => row.id),
      ['c', 'a', 'b'],
    );
  });

  it('takes a row out, and leaves the list alone when there is none', () => {
    assert.deepEqual(removed(rows, 'a'), [{ id: 'b', n: 1 }]);
    assert.deepEqual(removed(rows, 'z'), rows);
  });

  it('finds by every word, in any field and any case', () => {
    assert.ok(matches('lab JUP', 'JupyterLab', undefined));
    assert.ok(matches('', 'x'));
    assert.ok(matches('jupyter debian', 'JupyterLab', 'docker.io/library/debian'));
    assert.ok(!matches('rstudio', 'JupyterLab'));
  });
});
