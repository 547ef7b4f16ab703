import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode } from './errors.ts';
import { Turns } from './turns.ts';

describe('turns', () => {
  it('keep callers with one key apart, and let others pass', async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const work = (name: string) => async (): Promise<void> => {
      seen.push(`${name} in`);
      await sleep(5);
      seen.push(`${name} out`);
    };
    const never = new AbortController().signal;
    await Promise.all([
      turns.take('k', never, work('a')),
      turns.take('k', never, work('b')),
      turns.take('l', never, work('c')),
    ]);
    assert.deepEqual(
      seen.filter((word) => !word.startsWith('c')),
      ['a in', 'a out', 'b in', 'b out'],
    );
    assert(seen.indexOf('c in') < seen.indexOf('b in'));
  });

  it('go on after one who failed', async () => {
    const turns = new Turns();
    const never = new AbortController().signal;
    await assert.rejects(turns.take('k', never, () => Promise.reject(new Error('no'))));
    assert.equal(await turns.take('k', never, async () => 1), 1);
  });

  it('are not waited for by who has left, and stay in order', async () => {
    const turns = new Turns();
    const never = new AbortController().signal;
    const gate = Promise.withResolvers<void>();
    const first = turns.take('k', never, () => gate.promise);
    const left = turns.take('k', AbortSignal.abort(), async () => 'ran');
    const third = turns.take('k', never, async () => 'third');
    await assert.rejects(left, (error) => hasCode(error, 'UNREACHABLE'));
    const early = await Promise.race([third, sleep(20).then(() => 'waiting')]);
    assert.equal(early, 'waiting', 'the first still has its turn');
    gate.resolve();
    await first;
    assert.equal(await third, 'third');
  });
});
