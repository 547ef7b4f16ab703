import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './errors.ts';
import { unlessAborted } from './unless-aborted.ts';

describe('work that its caller may leave', () => {
  const never = new Promise<string>(() => undefined);
  const isGivenUp = (error: unknown): boolean => hasCode(error, 'UNREACHABLE');
  let left: AbortController;
  beforeEach(() => (left = new AbortController()));

  it('is what it comes to', async () => {
    assert.equal(await unlessAborted(Promise.resolve('done'), left.signal), 'done');
    const failed = unlessAborted(Promise.reject(new Error('no')), left.signal);
    await assert.rejects(failed, { message: 'no' });
  });

  it('is given up at once, also by who has left before', async () => {
    const work = unlessAborted(never, left.signal);
    left.abort(new Error('bye'));
    await assert.rejects(work, (error) => isGivenUp(error) && (error as Error).cause === left.signal.reason);
    await assert.rejects(unlessAborted(never, left.signal), isGivenUp);
  });

  it('has its grace time to come to an end', async () => {
    const slow = unlessAborted(
      sleep(20).then(() => 'done'),
      left.signal,
      5_000,
    );
    const silent = unlessAborted(never, left.signal, 20);
    left.abort();
    assert.equal(await slow, 'done');
    await assert.rejects(silent, isGivenUp);
    await assert.rejects(unlessAborted(never, left.signal, 20), isGivenUp);
  });

  it('that fails because it was given up, was given up', async () => {
    const work = unlessAborted(sleep(60_000, undefined, { signal: left.signal }), left.signal, 5_000);
    left.abort();
    await assert.rejects(work, isGivenUp);
  });

  it('leaves nothing at the signal', async () => {
    let count = 0;
    const { signal } = left;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => ((count += 1), add(...args));
    signal.removeEventListener = (...args: Parameters<typeof remove>) => ((count -= 1), remove(...args));
    await unlessAborted(Promise.resolve(), signal);
    assert.equal(count, 0);
  });
});
