import assert from 'node:assert/strict';
import { authOf, wordsOf } from './pull.ts';

describe('credentials of a registry', () => {
  it('are in the letters of base64url, padded', () => {
    const text = authOf({ registry: 'r.example', repository: 'a' }, { username: 'ü?', password: '>>>>?' });
    assert.match(text, /^[\w-]+=*$/);
    assert.equal(text.length % 4, 0);
    const read = JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
    assert.deepEqual(read, { username: 'ü?', password: '>>>>?', serveraddress: 'r.example' });
  });
});

describe('steps of a pull', () => {
  it('are said as the command line says them', () => {
    assert.equal(wordsOf({ id: 'aaaaaaaaaaaabbbb', status: 'Pull complete' }), 'aaaaaaaaaaaa: Pull complete');
    assert.equal(wordsOf({ status: 'Digest: sha256:x' }), 'Digest: sha256:x');
    assert.equal(wordsOf({}), '');
  });
});
