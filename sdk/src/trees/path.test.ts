import assert from 'node:assert/strict';
import { below, join, lastOf, partsOf, stepsOf } from './path.ts';

describe('steps of a link’s target', () => {
  for (const [target, expected] of [
    ['a', ['a']],
    ['a/b', ['a', 'b']],
    ['./a//b/.', ['a', 'b']],
    ['../a/..', ['..', 'a', '..']],
    ['/a/', ['a']],
    ['', []],
    ['/', []],
    ['...', ['...']],
  ] as const) {
    it(`“${target}”`, () => assert.deepEqual(stepsOf(Buffer.from(target)).map(String), expected));
  }
});

describe('absolute target below a root', () => {
  for (const [root, target, expected] of [
    ['/srv/a', '/srv/a/b', '/b'],
    ['/srv/a', '/srv/a', ''],
    ['/srv/a', '/srv/ab', undefined],
    ['/srv/a', '/srv', undefined],
    ['/srv/a', '/etc', undefined],
    ['/', '/etc', 'etc'],
  ] as const) {
    it(`${target} below ${root}`, () => assert.equal(below(root, Buffer.from(target))?.toString(), expected));
  }

  it('leaves the rest to the walk, which goes no further up than the root', () => {
    assert.equal(below('/srv/a', Buffer.from('/srv/a/../b'))?.toString(), '/../b');
  });
});

describe('paths', () => {
  it('of the root have no parts', () => assert.deepEqual(partsOf(''), []));
  it('longer than a system takes are refused', () => {
    assert.throws(() => partsOf('a/'.repeat(2_500) + 'a', 'to'), { code: 'INVALID', field: 'to' });
  });
  it('are joined and split', () => {
    assert.equal(join('', 'a'), 'a');
    assert.equal(join('a', 'b'), 'a/b');
    assert.equal(lastOf('a/b'), 'b');
    assert.equal(lastOf(''), '');
  });
});
