import assert from 'node:assert/strict';
import type { Identity } from '@stele/sdk';
import { atEntry, atPath, copySource, isName, parentOf, rootFor } from './keys.ts';

const ada: Identity = { kind: 'user', id: 'u1', name: 'ada' };

describe('keys of a bucket', () => {
  for (const [prefix, root] of [
    ['', ''],
    ['a', 'a/'],
    ['a/b/', 'a/b/'],
    ['users/$USER', 'users/ada/'],
    ['of-$USER/x', 'of-ada/x/'],
  ] as const) {
    it(`${prefix || 'a whole bucket'} begins at “${root}”`, () => assert.equal(rootFor(prefix, ada), root));
  }

  for (const prefix of ['/a', 'a//b', '..', 'a/../b', '.']) {
    it(`refuses the folder ${prefix}`, () =>
      assert.throws(() => rootFor(prefix, ada), { code: 'INVALID', field: 'conf.prefix' }));
  }

  it('needs a user where each has a folder of their own', () => {
    assert.throws(() => rootFor('$USER', { kind: 'platform' }), { code: 'INVALID' });
    assert.throws(() => rootFor('$USER', { ...ada, name: '../x' }), { code: 'INVALID' });
    assert.equal(rootFor('a', { kind: 'platform' }), 'a/');
  });

  it('are below the root', () => {
    assert.deepEqual(atPath('a/', 'b/c'), { path: 'b/c', key: 'a/b/c', folder: 'a/b/c/' });
    assert.deepEqual(atPath('a/', ''), { path: '', key: 'a/', folder: 'a/' });
    assert.throws(() => atPath('a/', '../b', 'from'), { code: 'INVALID', field: 'from' });
    assert.throws(() => atPath('x'.repeat(200), `${'y'.repeat(255)}/`.repeat(4).slice(0, -1)), { code: 'INVALID' });
    assert.throws(() => atEntry('a/', ''), { code: 'INVALID' });
    assert.deepEqual(['a', 'a/b/c', ''].map(parentOf), ['', 'a/b', '']);
  });

  it('can be names, or not', () => {
    const names = ['a', '...', ' ', 'x'.repeat(255), '\u0001', '東京'];
    const others = ['', '.', '..', 'a\0', 'x'.repeat(256), 'é'.repeat(128), '\ud800'];
    assert.deepEqual([names.map(isName), others.map(isName)], [names.map(() => true), others.map(() => false)]);
  });

  it('are encoded as sources of copies', () => assert.equal(copySource('b', 'a b/ü+?'), 'b/a%20b/%C3%BC%2B%3F'));
});
