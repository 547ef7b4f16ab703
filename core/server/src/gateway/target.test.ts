import assert from 'node:assert/strict';
import { isSafeLanding, refuseTarget } from './target.ts';

const fine = [
  '/',
  '/?a=1',
  '/lab/tree/Untitled.ipynb?reset',
  '/api/contents/a%20b/%C3%A9.txt',
  '/.well-known/x',
  '/a/.hidden/b',
  '/a/..b/c...d',
  '/a//b',
  '/files?next=//evil.example/%2e%2e',
  '/q?path=c:\\temp',
  '/api/v4/projects/group%2Fproject',
  '/@jupyterlab/apputils-extension:themes',
  "/static/~x!$&'()*+,;=:@[]{}|^`",
  '/.stele/enter?ticket=x',
];

const refused = [
  '',
  '*',
  'x',
  'http://other.example/',
  'HTTP://key.tasks.localhost/',
  '//x/..',
  '//evil.example',
  '///x',
  '/\\evil.example',
  '/a\\b',
  '/..',
  '/../',
  '/a/../b',
  '/a/./b',
  '/a/.',
  '/a/%2e%2e/b',
  '/a/%2E./b',
  '/a/..%2fb',
  '/a%2f..%2fb',
  '/a%2F%2e%2e',
  '/%2fevil.example',
  '/%5cevil.example',
  '/a%5c..%5cb',
  '/%00',
  '/a%0d%0aSet-Cookie:x',
  '/a%7f',
  '/%',
  '/%zz',
  '/a b',
  '/a\u0000',
  '/a\u00e9',
  '/?a\u0001',
  '/a#b',
  '/%2estele/enter',
  '/.%73tele/enter',
  '/.stele',
  '/.stele%2fenter',
  '/.STELE/enter',
  `/${'a'.repeat(20_000)}`,
];

describe('request targets', () => {
  for (const target of fine) {
    it(`pass: ${target}`, () => assert.equal(refuseTarget(target), undefined));
  }
  for (const target of refused) {
    it(`refused: ${JSON.stringify(target.slice(0, 40))}`, () => assert.ok(refuseTarget(target)));
  }
});

describe('landing paths', () => {
  for (const path of ['/', '/lab', '/lab/tree/a.ipynb?x=1', '/a?next=http://x/']) {
    it(`safe: ${path}`, () => assert.equal(isSafeLanding(path), true));
  }
  for (const path of [
    ...refused,
    '/.stele/enter?ticket=1',
    'javascript:alert(1)',
    'https:evil.example',
    '//user@evil.example',
    '/\t/evil.example',
    '/\n',
    'evil.example',
    '?x',
    '@evil.example',
    `/${'a'.repeat(3000)}`,
  ]) {
    it(`unsafe: ${JSON.stringify(path.slice(0, 40))}`, () => assert.equal(isSafeLanding(path), false));
  }
});
