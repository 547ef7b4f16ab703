import assert from 'node:assert/strict';
import { hrefOf, placeOf, slugOf, slugsOf } from './router.ts';

const place = (path: string) => {
  const { slug, path: parts, query } = placeOf(new URL(path, 'http://stele.test'));
  return [slug, parts, Object.fromEntries(query)];
};

describe('addresses of the page', () => {
  const rows: readonly (readonly [string, string, readonly string[], Record<string, string>])[] = [
    ['/', '', [], {}],
    ['/tasks', 'tasks', [], {}],
    ['/tasks/', 'tasks', [], {}],
    ['/tasks?open=1&q=a%20b', 'tasks', [], { open: '1', q: 'a b' }],
    ['/storage/home/a%2Fb/c', 'storage', ['home', 'a/b', 'c'], {}],
    ['/storage/100%', 'storage', ['100%'], {}],
    ['/a~b/x', 'a~b', ['x'], {}],
  ];
  for (const [url, ...expected] of rows) it(`reads ${url}`, () => assert.deepEqual(place(url), expected));

  const panels = [{ id: 'panel-tasks/tasks' }, { id: 'one/queue' }, { id: 'two/queue' }];
  const slugs = slugsOf(panels);

  it('are short where no other panel is called the same', () => {
    assert.deepEqual([...slugs.keys()], ['tasks', 'one~queue', 'two~queue']);
  });

  it('are found by the full and by the short id', () => {
    assert.equal(slugOf('panel-tasks/tasks', slugs), 'tasks');
    assert.equal(slugOf('tasks', slugs), 'tasks');
    assert.equal(slugOf('two/queue', slugs), 'two~queue');
    assert.equal(slugOf('gone/away', slugs), 'away');
  });

  it('survive the way there and back', () => {
    const href = hrefOf({ panel: 'tasks', path: ['a/b', 'ü %'], query: { open: 'x&y', gone: undefined } }, slugs);
    assert.deepEqual(place(href), ['tasks', ['a/b', 'ü %'], { open: 'x&y' }]);
    assert.equal(hrefOf({}, slugs), '/');
  });
});
