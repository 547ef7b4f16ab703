import assert from 'node:assert/strict';
import {
  losesSomething,
  nothingStaged,
  partOf,
  stagingPart,
  withoutPlace,
  withPlace,
  withResults,
  withWorkspace,
} from './wish.ts';

const bucket = { id: 'bucket', name: 'Bucket', readOnly: false };
const atlas = { id: 'atlas', name: 'Atlas', readOnly: true };
const offer = { sources: [bucket, atlas], workspaces: [{ id: 'work', name: 'Work', isShared: false }] };
const data = { storage: 'bucket', path: 'data' };
const file = { ...data, isFile: true };

describe('what is to be brought into a task', () => {
  it('is chosen once each, and taken out again', () => {
    const wish = withPlace(withPlace(nothingStaged, data), { ...data });
    assert.deepEqual(wish.in, [data]);
    assert.deepEqual(withoutPlace(wish, 0).in, []);
    assert.deepEqual(withResults(withResults(wish, data), undefined), wish);
  });

  it('is sent as far as the resource can hold it', () => {
    const wish = { in: [file, { storage: 'mounted', path: '' }], out: { storage: 'atlas', path: '' }, workspace: 'x' };
    assert.deepEqual(stagingPart(wish, offer), { in: [data] });
    assert(losesSomething(wish, offer));
    assert.deepEqual(stagingPart(wish, { ...offer, workspaces: [] }), { in: [data] });
    assert.equal(stagingPart(wish, { ...offer, workspaces: [], reason: 'nowhere' }), undefined);
    assert.equal(stagingPart(nothingStaged, offer), undefined);
    assert(!losesSomething(nothingStaged, offer));
  });

  it('goes where it was said to', () => {
    const wish = withWorkspace({ in: [], out: data }, 'work');
    assert.deepEqual(stagingPart(wish, offer), { in: [], out: data, workspace: 'work' });
    assert.deepEqual(withWorkspace(wish, ''), { in: [], out: data });
    assert(!losesSomething(wish, offer));
  });

  for (const [field, part] of [
    ['staging', ''],
    ['staging.in.3', 'in.3'],
    ['staging.out', 'out'],
    ['name', undefined],
    [undefined, undefined],
  ] as const) {
    it(`is to blame for “${field}” in part “${part}”`, () => assert.equal(partOf(field), part));
  }
});
