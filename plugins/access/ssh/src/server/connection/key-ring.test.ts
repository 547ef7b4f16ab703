import assert from 'node:assert/strict';
import { KeyRing } from './key-ring.ts';

describe('keys that a host is offered', () => {
  let now: number;
  let ring: KeyRing;
  beforeEach(() => {
    now = 0;
    ring = new KeyRing([{ privateKey: 'new' }, { privateKey: 'before' }], { now: () => now });
  });

  /** The order in which a host sees them that takes these alone. */
  const logIn = (...taken: string[]): readonly string[] => {
    const seen: string[] = [];
    ring.begin();
    for (let key = ring.next()?.privateKey; key !== undefined; key = ring.next()?.privateKey) {
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

  describe('with certificates', () => {
    // Valid through January 2026.
    const certificate =
      'ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29tAAAAIG9BWUXT5bdYys/8iipRfad4bFpcJ0X6EDbvCTJxGccHAAAAIB+nEtVbxS+r0TyyfNoqhGxk3MgIPCYtXrPuL5ktE00fAAAAAAAAAAAAAAABAAAAD2FkYSBhdCB0aGUgc2l0ZQAAABAAAAADYWRhAAAABWdyYWNlAAAAAGlVuQAAAAAAaX6XgAAAACQAAAAOc291cmNlLWFkZHJlc3MAAAAOAAAACjEwLjAuMC4wLzgAAACCAAAAFXBlcm1pdC1YMTEtZm9yd2FyZGluZwAAAAAAAAAXcGVybWl0LWFnZW50LWZvcndhcmRpbmcAAAAAAAAAFnBlcm1pdC1wb3J0LWZvcndhcmRpbmcAAAAAAAAACnBlcm1pdC1wdHkAAAAAAAAADnBlcm1pdC11c2VyLXJjAAAAAAAAAAAAAAAzAAAAC3NzaC1lZDI1NTE5AAAAIFUbLSddmZ5CT8hr2V2pnMcyOMWsJtoE9WYkNyp6Rm7IAAAAUwAAAAtzc2gtZWQyNTUxOQAAAEBSMWK6EHElHn/qTE0KRKeEiInwI7GGtKj+wq8zBJKv9TTj7bysTURFyZEJ93mynf4kHTo94v7GkWgKDnp9XQ8F';
    const january = Date.UTC(2026, 0, 15);
    let date: number;
    const certified = () =>
      new KeyRing(
        [
          { privateKey: 'new', certificate },
          { privateKey: 'before', certificate },
        ],
        { now: () => now, date: () => date },
      );
    const all = (keys: KeyRing): readonly string[] => {
      const seen: string[] = [];
      keys.begin();
      for (let offer = keys.next(); offer !== undefined; offer = keys.next())
        seen.push(`${offer.privateKey}${offer.certificate === undefined ? '' : ' with certificate'}`);
      return seen;
    };
    beforeEach(() => (date = january));

    it('come before the bare key of each', () => {
      assert.deepEqual(all(certified()), ['new with certificate', 'new', 'before with certificate', 'before']);
      assert.equal(certified().size, 4);
    });

    it('are left out, and said to be, from the moment when they expire', () => {
      const keys = certified();
      assert.deepEqual(keys.leftOut, []);
      date = Date.UTC(2026, 1, 1);
      assert.deepEqual(all(keys), ['new', 'before']);
      assert.match(keys.leftOut.join(), /expired/);
      assert.match(keys.remarks('ada').join(), /expired/);
    });

    it('are the key that is to stay, whichever way the host takes it', () => {
      const keys = certified();
      const behind = [1, 2, 3, 4].map((count) => {
        keys.begin();
        for (let turn = 0; turn < count; turn += 1) keys.next();
        keys.taken();
        now += 61_000;
        return keys.isBehind;
      });
      assert.deepEqual(behind, [false, false, true, true]);
    });
  });
});
