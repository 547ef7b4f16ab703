import assert from 'node:assert/strict';
import type { FileItem } from '@stele/sdk/api';
import { iconOf, kindOf, sorted, type Sorting } from './sort.ts';

const item = (name: string, more: Partial<FileItem> = {}): FileItem => ({
  name,
  path: name,
  kind: 'file',
  size: 0,
  modifiedAt: '2026-01-01T00:00:00Z',
  mode: 0o644,
  ...more,
});
const names = (items: readonly FileItem[], key: Sorting['key'], isDescending = false): string[] =>
  sorted(items, { key, isDescending }, 'en').map(({ name }) => name);

describe('sorting of a folder', () => {
  const items = [
    item('run10.txt', { size: 5, modifiedAt: '2026-03-01T00:00:00Z' }),
    item('run9.txt', { size: 50, modifiedAt: '2026-02-01T00:00:00Z' }),
    item('zoo', { kind: 'folder' }),
    item('alpha', { kind: 'folder' }),
    item('Bild.png', { size: 50 }),
  ];

  it('counts numbers in names and leaves folders first', () => {
    assert.deepEqual(names(items, 'name'), ['alpha', 'zoo', 'Bild.png', 'run9.txt', 'run10.txt']);
    assert.deepEqual(names(items, 'name', true), ['zoo', 'alpha', 'run10.txt', 'run9.txt', 'Bild.png']);
  });
  it('goes by name among equals', () => {
    assert.deepEqual(names(items, 'size', true), ['alpha', 'zoo', 'Bild.png', 'run9.txt', 'run10.txt']);
  });
  it('goes by time and kind', () => {
    assert.deepEqual(names(items, 'modified', true).slice(2), ['run10.txt', 'run9.txt', 'Bild.png']);
    assert.deepEqual(names(items, 'kind').slice(2), ['Bild.png', 'run9.txt', 'run10.txt']);
  });
  it('sorts 100,000 entries in the blink of an eye', () => {
    const many = Array.from({ length: 100_000 }, (_, n) => item(`f${(n * 7919) % 100_000}`));
    assert.equal(names(many, 'name').at(-1), 'f99999');
  });
});

describe('kinds of files', () => {
  for (const [name, kind, icon] of [
    ['a.ipynb', 'Notebook', 'notebook'],
    ['a.PNG', 'Image', 'image'],
    ['a.tar.gz', 'Archive', 'package'],
    ['a.xyz', 'XYZ file', 'file'],
    ['Makefile', 'File', 'file'],
  ] as const) {
    it(`${name} is a ${kind}`, () => {
      assert.equal(kindOf(item(name)), kind);
      assert.equal(iconOf(item(name)), icon);
    });
  }
});
