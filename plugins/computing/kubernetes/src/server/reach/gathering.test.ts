import assert from 'node:assert/strict';
import { setImmediate as breath, setTimeout as sleep } from 'node:timers/promises';
import { lendingSize } from '@stele/sdk';
import { Gathering } from './gathering.ts';

describe('pieces of what a pod says', () => {
  const passed: Buffer[] = [];
  const held: boolean[] = [];
  let gathering: Gathering;
  const begin = (moment: number): void => {
    passed.splice(0);
    held.splice(0);
    const ends = { pass: (chunk: Buffer) => passed.push(chunk), hold: (isHeld: boolean) => held.push(isHeld) };
    gathering = new Gathering(ends, { now: () => 0, moment });
  };
  beforeEach(() => begin(60_000));
  const lengths = (): readonly number[] => passed.map(({ length }) => length);

  it('of one breath are one chunk, and none of their memory is kept', async () => {
    const memory = Buffer.from('one ');
    gathering.add(memory);
    memory.write('two ');
    gathering.add(memory);
    memory.fill(0);
    assert.deepEqual(passed, []);
    await breath();
    assert.deepEqual(passed.map(String), ['one two ']);
    await breath();
    assert.equal(passed.length, 1);
  });

  it('are passed on when there is no room for more, however long they are', async () => {
    const piece = Buffer.alloc(lendingSize + 10, 'stele');
    gathering.add(piece);
    assert.deepEqual(lengths(), [lendingSize]);
    await breath();
    assert.deepEqual(lengths(), [lendingSize, 10]);
    assert(Buffer.concat(passed).equals(piece));
  });

  it('of several breaths are one chunk while much keeps coming, which is held back for a moment', async () => {
    for (let count = 0; count < 3; count += 1) {
      gathering.add(Buffer.alloc(10_000));
      await breath();
    }
    assert.deepEqual([lengths(), held], [[10_000], [true]], 'the first is passed on at once');
    gathering.add(Buffer.from('little'));
    await breath();
    assert.deepEqual([lengths(), held.join()], [[10_000, 20_006], 'true,false'], 'little is no flow');
  });

  it('are passed on after a moment, and read on', async () => {
    begin(1);
    for (let count = 0; count < 2; count += 1) {
      gathering.add(Buffer.alloc(10_000));
      await breath();
    }
    while (passed.length < 2) await sleep(1);
    assert.deepEqual([lengths(), held.join()], [[10_000, 10_000], 'true,false']);
  });

  it('are passed on at once to whoever can’t wait, and not again', async () => {
    gathering.add(Buffer.from('last'));
    gathering.flush();
    assert.deepEqual(passed.map(String), ['last']);
    gathering.flush();
    await breath();
    assert.equal(passed.length, 1);
  });
});
