import assert from 'node:assert/strict';
import { mock } from 'node:test';
import ssh2 from 'ssh2';
import { ReadableKeys } from './readable-keys.ts';

describe('private keys that can be read', () => {
  // One in 300 ed25519 keys that ssh2 makes can’t be read.
  const keys = Array.from({ length: 3 }, () => ssh2.utils.generateKeyPairSync('ecdsa', { bits: 256 }).private);
  const parse = mock.method(ssh2.utils, 'parseKey');
  beforeEach(() => parse.mock.resetCalls());
  after(() => parse.mock.restore());

  it('are tried once each', () => {
    const readable = new ReadableKeys();
    for (let time = 0; time < 5; time += 1) for (const key of keys) assert.equal(readable.errorOf(key), undefined);
    assert.equal(parse.mock.callCount(), keys.length);
  });

  it('are told from those that can’t, each time', () => {
    const readable = new ReadableKeys();
    for (let time = 0; time < 2; time += 1) assert(readable.errorOf('no key') instanceof Error);
    assert.equal(readable.size, 0);
  });

  it('are forgotten when there are too many, the oldest first', () => {
    const readable = new ReadableKeys(2);
    for (const key of keys) readable.errorOf(key);
    assert.equal(readable.size, 2);
    parse.mock.resetCalls();
    for (const key of keys.slice(1)) readable.errorOf(key);
    assert.equal(parse.mock.callCount(), 0);
    readable.errorOf(keys[0] ?? '');
    assert.equal(parse.mock.callCount(), 1);
  });
});
