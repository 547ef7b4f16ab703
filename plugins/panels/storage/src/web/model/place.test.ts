import assert from 'node:assert/strict';
import { placeOf, targetOf } from './place.ts';

const route = (path: string[], query = ''): Parameters<typeof placeOf>[0] => ({
  path,
  query: new URLSearchParams(query),
});

describe('place in a storage', () => {
  it('comes from the URL and goes back into it', () => {
    const place = placeOf(route(['s1', 'a', 'b c'], 'view=grid&sort=size&order=desc&hidden=1&show=x.txt'));
    assert.deepEqual(place, {
      storage: 's1',
      path: 'a/b c',
      view: 'grid',
      sorting: { key: 'size', isDescending: true },
      showsHidden: true,
      shown: 'x.txt',
    });
    const target = targetOf(place);
    assert.deepEqual(target.path, ['s1', 'a', 'b c']);
    assert.deepEqual({ ...target.query }, { view: 'grid', sort: 'size', order: 'desc', hidden: '1', show: 'x.txt' });
  });

  it('says nothing about what is usual', () => {
    const { path, query = {} } = targetOf(placeOf(route(['s1'], 'sort=nonsense&view=odd')));
    assert.deepEqual(path, ['s1']);
    assert.deepEqual(
      Object.values(query).filter((value) => value !== undefined),
      [],
    );
  });

  it('may be nowhere yet', () => {
    assert.equal(placeOf(route([])).storage, undefined);
    assert.deepEqual(targetOf(placeOf(route([]))).path, []);
  });
});
