import assert from 'node:assert/strict';
import { KeyRing } from './key-ring.ts';

describe('keys that a host is offered', () => {
  let now: number;
  let ring: KeyRing;
  beforeEach(() => {
    now = 0;
    ring = new KeyRing([{ privateKey: 'new' }, { privateKey: 'before' }], () => now);
  });

  /** The order in which a host sees them that takes these alone. */
  const logIn = (...taken: string[]): readonly string[] => {
    const seen: string[] = [];
    ring.begin();
    for (let key = ring.next(); key !== undefined; key = ring.next()) {
      seen.push(key);
      if (!taken.includes(key)) continue;
      ring.taken();
      break;
    }
    return seen;
  };

  it('begin with the new one', () => {
    assert.deepEqual(logIn('new', 'before'), ['new']);
    assert.equal(ring.isBehind, false);
  });

  it('go on with the one before', () => {
    assert.deepEqual(logIn('before'), ['new', 'before']);
    assert.equal(ring.isBehind, true);
  });

  it('begin with the one before where the new one was refused lately, and with the new one after a minute', () => {
    logIn('before');
    now = 59_000;
    assert.deepEqual(logIn('before'), ['before']);
    now = 61_000;
    assert.deepEqual(logIn('before', 'new'), ['new']);
    assert.deepEqual(logIn('before', 'new'), ['new'], 'what was taken once is not thought refused');
  });

  it('are all offered, whatever was refused', () => {
    logIn();
    assert.deepEqual(logIn('new'), ['new'], 'in their order where all were refused');
    logIn('before');
    assert.deepEqual(logIn('new'), ['before', 'new']);
  });

  it('are missing from a log-in that the host ends early', () => {
    ring.begin();
    assert.equal(ring.isCutShort, false, 'before any was offered');
    ring.next();
    assert.equal(ring.isCutShort, true);
    ring.next();
    assert.equal(ring.isCutShort, false, 'after the last');
  });
});
