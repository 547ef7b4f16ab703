import assert from 'node:assert/strict';
import { hasCode, SteleError } from '@stele/sdk';
import { Refusals } from './refusals.ts';

describe('refused log-ins', () => {
  let now = 0;
  let refusals: Refusals;
  const error = new SteleError('DENIED', 'It did not let ada in.');
  beforeEach(() => {
    now = 1_000;
    refusals = new Refusals('login.example', () => now);
  });

  const isLetBy = (account = 'ada'): boolean => {
    try {
      refusals.demand(account);
      return true;
    } catch (refusal) {
      assert(hasCode(refusal, 'DENIED', 'LIMIT'));
      return false;
    }
  };
  /** How often a host is asked within some seconds by somebody who tries each of them. */
  const asked = (seconds: number, accounts: readonly string[]): number => {
    let times = 0;
    for (const end = now + seconds * 1_000; now < end; now += 1_000) {
      for (const account of accounts) {
        if (!isLetBy(account)) continue;
        times += 1;
        refusals.refused(account, error);
      }
    }
    return times;
  };

  it('are tried again once, and then at growing distances', () => {
    const waits: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      refusals.refused('ada', error);
      const from = now;
      while (!isLetBy()) now += 1_000;
      waits.push((now - from) / 1_000);
    }
    assert.deepEqual(waits, [0, 20, 200, 600, 600]);
  });

  it('are fewer in any ten minutes than shut an address out', () => {
    assert.equal(asked(600, ['ada']), 4);
    for (let round = 0; round < 6; round += 1) assert(asked(600, ['ada']) < 5);
  });

  it('are as few where somebody tries one name after the other', () => {
    const names = Array.from({ length: 50 }, (_, index) => `a${index}`);
    assert(asked(600, names) < 5);
  });

  it('stop no account that was let in', () => {
    refusals.taken('bob');
    asked(60, ['a', 'b', 'c', 'd', 'e']);
    assert(isLetBy('bob') && !isLetBy('zoe'));
  });

  it('are told of as the host did, with the time of the next attempt', () => {
    for (let time = 0; time < 3; time += 1) refusals.refused('ada', error);
    const says = (pattern: RegExp) => (refusal: unknown) => hasCode(refusal, 'DENIED') && pattern.test(refusal.message);
    assert.throws(() => refusals.demand('ada'), says(/^It did not let ada in\. The next attempt is in 4 minutes\.$/));
    now += 190_000;
    assert.throws(() => refusals.demand('ada'), says(/in 10 s\.$/));
  });

  it('are forgotten by a log-in, and in time', () => {
    for (let time = 0; time < 3; time += 1) refusals.refused('ada', error);
    assert(!refusals.isForgettable);
    refusals.taken('ada');
    assert(isLetBy());
    now += 700_000;
    assert(refusals.isForgettable);
    refusals.refused('ada', error);
    now += 600_001;
    assert(refusals.isForgettable);
    refusals.refused('ada', error);
    assert(isLetBy(), 'it counts from the beginning');
  });
});
