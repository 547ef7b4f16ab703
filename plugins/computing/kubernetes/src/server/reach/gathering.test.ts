import assert from 'node:assert/strict';
import { setImmediate as breath } from 'node:timers/promises';
import { lendingSize } from '@stele/sdk';
import { Gathering } from './gathering.ts';

describe('pieces of what a pod says', () => {
  const passed: Buffer[] = [];
  const gathering = new Gathering((chunk) => passed.push(chunk));
  beforeEach(() => void passed.splice(0));
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

  it('are passed on at once to whoever can’t wait, and not again', async () => {
    gathering.add(Buffer.from('last'));
    gathering.flush();
    assert.deepEqual(passed.map(String), ['last']);
    gathering.flush();
    await breath();
    assert.equal(passed.length, 1);
  });
});
