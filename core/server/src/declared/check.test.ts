import assert from 'node:assert/strict';
import { checkDeclarations } from './check.ts';

const software = { name: 'N', registry: 'localhost', image: 'a/b', tag: '1', port: 8888 };
const computing = { name: 'Here', driver: 'standalone' };
const storage = { name: 'F', backend: 'posix', computing: 'Here', conf: { base: '/x' } };

describe('checkDeclarations', () => {
  it('finds nothing wrong with what is right, or not there', () => {
    assert.deepEqual(checkDeclarations({}), []);
    assert.deepEqual(checkDeclarations({ software: [software], computing: [computing], storages: [storage] }), []);
  });

  const bad: readonly [string, Parameters<typeof checkDeclarations>[0], string, RegExp][] = [
    ['a wrong value', { software: [{ ...software, port: 'many' }] }, 'N', /port/i],
    ['a key that isn’t one', { computing: [{ ...computing, drivr: 'x' }] }, 'Here', /drivr/],
    ['a missing key', { computing: [{ name: 'Here' }] }, 'Here', /driver/],
    ['a missing name', { computing: [{ driver: 'x' }] }, 'number 1', /name/],
    ['a computing that is not declared', { storages: [storage] }, 'F', /Here/],
  ];
  for (const [what, declared, name, words] of bad) {
    it(`names ${what}`, () => {
      const [wrong, ...more] = checkDeclarations(declared);
      assert.deepEqual([wrong?.name, more], [name, []]);
      assert.match(wrong?.reason ?? '', words);
    });
  }
});
