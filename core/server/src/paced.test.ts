import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { Paced } from './paced.ts';

describe('paced news', () => {
  it('are the first at once, then the newest once a period', async () => {
    const heard: string[] = [];
    const paced = new Paced<string>(60, async (word) => void heard.push(word));
    for (const word of ['a', 'b']) paced.say(word);
    await sleep(20);
    assert.deepEqual(heard, ['b']);
    for (const word of ['c', 'd', 'e']) paced.say(word);
    await sleep(10);
    assert.deepEqual(heard, ['b'], 'not yet');
    await sleep(100);
    assert.deepEqual(heard, ['b', 'e'], 'the last word is not lost');
    await paced.end();
  });

  it('end with the work that is under way, and nothing comes after', async () => {
    const heard: string[] = [];
    const work = async (word: string): Promise<void> => {
      await sleep(30);
      heard.push(word);
    };
    const paced = new Paced<string>(10, work);
    paced.say('a');
    await sleep(15);
    paced.say('b');
    await paced.end();
    assert.deepEqual(heard, ['a']);
    await sleep(50);
    assert.deepEqual(heard, ['a']);
  });
});
