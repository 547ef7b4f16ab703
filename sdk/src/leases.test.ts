import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Leases } from './leases.ts';

describe('leases', () => {
  it('are of one thing for all who ask for the same, which ends when nobody has used it for a while', async () => {
    const ended: string[] = [];
    let made = 0;
    using leases = new Leases<string>((thing) => ended.push(thing), 20);
    const take = (name: string) => leases.take(name, () => `${name} ${(made += 1)}`);
    const [one, two, other] = [take('a'), take('a'), take('b')];
    assert.deepEqual([one.thing, two.thing, other.thing], ['a 1', 'a 1', 'b 2']);
    assert.equal(leases.count, 3);
    for (const lease of [one, one, other]) lease[Symbol.dispose]();
    assert.equal(leases.count, 1, 'given back twice is given back once');
    await sleep(60);
    assert.deepEqual(ended, ['b 2']);
    two[Symbol.dispose]();
    using again = take('a');
    await sleep(60);
    assert.equal(again.thing, 'a 1', 'it was asked for in time');
  });

  it('end all together', () => {
    const ended: number[] = [];
    const leases = new Leases<number>((thing) => ended.push(thing));
    leases.take('a', () => 1);
    leases.take('b', () => 2)[Symbol.dispose]();
    leases[Symbol.dispose]();
    assert.deepEqual(ended, [1, 2]);
  });
});
