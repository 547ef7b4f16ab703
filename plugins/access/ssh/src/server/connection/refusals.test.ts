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

  const wanted = (account = 'ada', isTrial = false, proof = 'key') => ({ account, isTrial, proof });
  const isLetBy = (...about: Parameters<typeof wanted>): boolean => {
    try {
      return refusals.pause(wanted(...about), 0) === 0;
    } catch (refusal) {
      assert(hasCode(refusal, 'DENIED', 'LIMIT'));
      return false;
    }
  };
  const refuse = (...about: Parameters<typeof wanted>) => refusals.refused(wanted(...about), error);
  /** How often a host is asked within some seconds by somebody who tries each of them. */
  const asked = (seconds: number, accounts: readonly string[], isTrial = false): number => {
    let times = 0;
    for (const end = now + seconds * 1_000; now < end; now += 1_000) {
      for (const account of accounts) {
        if (!isLetBy(account, isTrial)) continue;
        times += 1;
        refuse(account, isTrial);
      }
    }
    return times;
  };

  it('are tried again at growing distances', () => {
    const waits: number[] = [];
    for (let time = 0; time < 5; time += 1) {
      refuse();
      const from = now;
      while (!isLetBy()) now += 1_000;
      waits.push((now - from) / 1_000);
    }
    assert.deepEqual(waits, [1, 30, 600, 600, 600]);
  });

  it('are fewer in any ten minutes than shut an address out', () => {
    assert.equal(asked(600, ['ada']), 3);
    for (let round = 0; round < 6; round += 1) assert(asked(600, ['ada']) < 5);
  });

  it('are as few where somebody tries one name after the other', () => {
    const names = Array.from({ length: 12 }, (_, index) => `a${index}`);
    assert(asked(600, names) < 5);
  });

  it('don’t keep anybody from looking whether it is better now, but for a few times', () => {
    for (let time = 0; time < 2; time += 1) refuse();
    assert(!isLetBy('ada') && isLetBy('ada', true));
    assert.equal(asked(600, ['ada'], true), 2);
    for (let round = 0; round < 6; round += 1) assert(asked(600, ['ada'], round % 2 === 0) < 5);
    refusals.taken(wanted());
    assert(isLetBy('ada'));
  });

  it('don’t keep anybody from trying other keys, but for a few times', () => {
    for (let time = 0; time < 2; time += 1) refuse();
    assert(!isLetBy() && isLetBy('ada', false, 'another'));
    for (const proof of ['b', 'c']) refuse('ada', false, proof);
    assert(!isLetBy('ada', false, 'd'));
    refusals.taken(wanted('ada', false, 'b'));
    assert(isLetBy(), 'the account let somebody in');
    for (const proof of ['e', 'f', 'g', 'h']) refuse('ada', false, proof);
    assert(!isLetBy('ada', false, 'i'), 'not any more');
  });

  it('are waited out where that is short', () => {
    refuse();
    assert.equal(refusals.pause(wanted(), 1_000), 1_000);
    now += 400;
    assert.equal(refusals.pause(wanted(), 1_000), 600);
    assert(!isLetBy());
    now += 600;
    assert.equal(refusals.pause(wanted(), 1_000), 0);
  });

  it('stop no account that was let in', () => {
    refusals.taken(wanted('bob'));
    asked(3, ['a', 'b', 'c', 'd', 'e']);
    assert(isLetBy('bob') && isLetBy('bob', true) && !isLetBy('zoe'));
    for (let time = 0; time < 4; time += 1) refuse('bob');
    assert(!isLetBy('bob', true));
  });

  it('are told of as the host did, with the time of the next attempt', () => {
    for (let time = 0; time < 3; time += 1) refuse();
    const says = (pattern: RegExp) => (refusal: unknown) => hasCode(refusal, 'DENIED') && pattern.test(refusal.message);
    assert.throws(
      () => refusals.pause(wanted(), 0),
      says(/^It did not let ada in\. The next attempt is in 10 minutes\.$/),
    );
    now += 590_000;
    assert.throws(() => refusals.pause(wanted(), 0), says(/in 10 s\.$/));
  });

  it('are forgotten by a log-in, and in time', () => {
    for (let time = 0; time < 3; time += 1) refuse();
    assert(!refusals.isForgettable);
    refusals.taken(wanted());
    assert(isLetBy());
    now += 1_300_000;
    assert(refusals.isForgettable);
    refuse();
    now += 601_001;
    assert(refusals.isForgettable);
    refuse();
    now += 1_000;
    assert(isLetBy(), 'it counts from the beginning');
  });
});
