import assert from 'node:assert/strict';
import {
  bytesOf,
  crumbsOf,
  isUselessMove,
  isWithin,
  joined,
  keepBothName,
  nameComplaint,
  parentOf,
  splitName,
} from './paths.ts';

describe('paths in a storage', () => {
  it('are walked step by step', () => {
    assert.deepEqual(crumbsOf(''), []);
    assert.deepEqual(crumbsOf('a/b c'), [
      { name: 'a', path: 'a' },
      { name: 'b c', path: 'a/b c' },
    ]);
    assert.equal(parentOf('a/b/c'), 'a/b');
    assert.equal(parentOf('a'), '');
    assert.equal(joined('', 'x'), 'x');
    assert.equal(joined('a/b', 'x/y'), 'a/b/x/y');
  });

  it('know what lies within what', () => {
    assert.equal(isWithin('ab', 'a'), false);
    assert.equal(isWithin('a/b', 'a'), true);
    assert.equal(isWithin('a', ''), true);
  });

  it('refuse moves that lead nowhere or into themselves', () => {
    assert.equal(isUselessMove(['a/x'], 'a'), true);
    assert.equal(isUselessMove(['a'], 'a/b'), true);
    assert.equal(isUselessMove(['a'], 'a'), true);
    assert.equal(isUselessMove(['a/x', 'b'], 'a'), false);
    assert.equal(isUselessMove(['a/x'], ''), false);
  });
});

describe('names of files', () => {
  for (const name of ['a', '.hidden', 'a b', 'ürgs', '…', 'x'.repeat(255)]) {
    it(`take ${name.slice(0, 20)}`, () => assert.equal(nameComplaint(name), undefined));
  }
  for (const name of ['', '  ', '.', '..', 'a/b', 'a\nb', 'a\u0000', 'x'.repeat(256), 'ü'.repeat(128)]) {
    it(`refuse ${JSON.stringify(name.slice(0, 20))}`, () => assert.notEqual(nameComplaint(name), undefined));
  }

  it('have a stem and an extension', () => {
    assert.deepEqual(splitName('data.tar.gz'), ['data', '.tar.gz']);
    assert.deepEqual(splitName('.bashrc'), ['.bashrc', '']);
    assert.deepEqual(splitName('v1.2 final'), ['v1.2 final', '']);
    assert.deepEqual(splitName('a.b.csv'), ['a.b', '.csv']);
  });

  for (const [name, taken, kept] of [
    ['a.txt', [], 'a (2).txt'],
    ['a.txt', ['a (2).txt', 'a (3).txt'], 'a (4).txt'],
    ['a (2).txt', [], 'a (3).txt'],
    ['folder', [], 'folder (2)'],
    ['.env', [], '.env (2)'],
    ['x.tar.gz', [], 'x (2).tar.gz'],
  ] as const) {
    it(`keep both: ${name} → ${kept}`, () => {
      assert.equal(
        keepBothName(name, (other) => (taken as readonly string[]).includes(other)),
        kept,
      );
    });
  }

  it('keep both within what a file system takes, without cutting a character in two', () => {
    const kept = keepBothName(`${'𝄞'.repeat(62)}.mid`, () => false);
    assert.ok(bytesOf(kept) <= 255);
    assert.ok(kept.endsWith(' (2).mid'));
    assert.ok(!kept.includes('\ufffd'));
  });
});
