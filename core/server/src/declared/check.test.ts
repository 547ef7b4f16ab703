import assert from 'node:assert/strict';
import { checkDeclarations, checkReferences } from './check.ts';
import { referenceReader } from './references.ts';

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
    ['a name that another has', { software: [software, { ...software, tag: '2' }] }, 'N', /Another entry/],
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

describe('checkReferences', () => {
  it('finds what is not there, in any part of an entry', async () => {
    const read = referenceReader('/', { THERE: 'x' });
    const entry = (name: string, part: object) => ({ ...storage, name, ...part });
    const storages = [
      entry('Right', { credentials: { key: { env: 'THERE' } } }),
      entry('Variable', { conf: { key: { env: 'NONE' } } }),
      entry('File', { credentials: { key: { file: 'no/such/file' } } }),
    ];
    const wrong = await checkReferences({ computing: [computing], storages }, read);
    assert.deepEqual(
      wrong.map(({ kind, name }) => [kind, name]),
      [
        ['storages', 'Variable'],
        ['storages', 'File'],
      ],
    );
    assert.match(wrong[0]?.reason ?? '', /NONE is not set/);
    assert.match(wrong[1]?.reason ?? '', /no\/such\/file can’t be read/);
  });
});
