import assert from 'node:assert/strict';
import { rejectsWith } from '@stele/sdk/testing';
import { Turns } from './turns.ts';

const never = new AbortController().signal;

describe('turns', () => {
  /** Works of which a test says when each is done. */
  const begin = (turns: Turns, signal = never) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const work = { hasBegun: false, end: resolve, done: Promise.resolve() };
    work.done = turns.run(() => {
      work.hasBegun = true;
      return promise;
    }, signal);
    return work;
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('are given to so many at a time, in their order', async () => {
    const turns = new Turns(2);
    const works = [begin(turns), begin(turns), begin(turns), begin(turns)];
    const begun = () => works.map(({ hasBegun }) => hasBegun);
    await settled();
    assert.deepEqual(begun(), [true, true, false, false]);
    works[1]?.end();
    const late = begin(turns);
    await settled();
    assert.deepEqual([...begun(), late.hasBegun], [true, true, true, false, false]);
    for (const work of [...works, late]) work.end();
    await Promise.all([...works, late].map(({ done }) => done));
  });

  it('go on when work fails', async () => {
    const turns = new Turns(1);
    await assert.rejects(
      turns.run(() => Promise.reject(new Error('no')), never),
      /no/,
    );
    assert.equal(await turns.run(() => Promise.resolve('yes'), never), 'yes');
  });

  it('are not waited for by who has left, and nobody’s is lost', async () => {
    const turns = new Turns(1);
    const first = begin(turns);
    const leaving = new AbortController();
    const second = begin(turns, leaving.signal);
    const third = begin(turns);
    leaving.abort();
    await rejectsWith('UNREACHABLE', second.done);
    await rejectsWith('UNREACHABLE', begin(turns, leaving.signal).done);
    first.end();
    third.end();
    await third.done;
    assert.deepEqual([second.hasBegun, third.hasBegun], [false, true]);
  });
});
