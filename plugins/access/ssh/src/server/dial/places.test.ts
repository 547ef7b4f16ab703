import assert from 'node:assert/strict';
import { rejectsWith } from '@stele/sdk/testing';
import { Places } from './places.ts';

const never = new AbortController().signal;

describe('places', () => {
  /** Works of which a test says when each is done. */
  const begin = (places: Places, signal = never) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = { hasBegun: false, end: resolve, done: Promise.resolve() };
    work.done = places.run(() => {
      work.hasBegun = true;
      return promise;
    }, signal);
    return work;
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('are given to so many at a time, in their order', async () => {
    const places = new Places(2);
    const works = [begin(places), begin(places), begin(places), begin(places)];
    const begun = () => works.map(({ hasBegun }) => hasBegun);
    await settled();
    assert.deepEqual(begun(), [true, true, false, false]);
    works[1]?.end();
    const late = begin(places);
    await settled();
    assert.deepEqual([...begun(), late.hasBegun], [true, true, true, false, false]);
    for (const work of [...works, late]) work.end();
    await Promise.all([...works, late].map(({ done }) => done));
  });

  it('go on when work fails', async () => {
    const places = new Places(1);
    await assert.rejects(
      places.run(() => Promise.reject(new Error('no')), never),
      /no/,
    );
    assert.equal(await places.run(() => Promise.resolve('yes'), never), 'yes');
  });

  it('are not waited for by who has left, and nobody’s is lost', async () => {
    const places = new Places(1);
    const first = begin(places);
    const leaving = new AbortController();
    const second = begin(places, leaving.signal);
    const third = begin(places);
    leaving.abort();
    await rejectsWith('UNREACHABLE', second.done);
    await rejectsWith('UNREACHABLE', begin(places, leaving.signal).done);
    first.end();
    third.end();
    await third.done;
    assert.deepEqual([second.hasBegun, third.hasBegun], [false, true]);
  });
});
