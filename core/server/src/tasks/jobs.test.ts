import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';
import { Jobs } from './jobs.ts';

const never = new AbortController().signal;

describe('work beside the rounds', () => {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const begin = (jobs: Jobs, owner: string, ...keys: readonly string[]): void => {
    for (const key of keys) {
      const work = (): Promise<void> => {
        begun.push(key);
        return new Promise((resolve) => ends.set(key, resolve));
      };
      jobs.start(key, never, work, () => undefined, owner);
    }
  };

  beforeEach(() => {
    begun.length = 0;
    ends.clear();
  });

  it('goes on in a bounded number of places, the others in line', async () => {
    const jobs = new Jobs({ all: 2 }, assert.fail);
    begin(jobs, 'ada', 'a', 'b', 'c', 'd', 'a');
    assert.deepEqual(begun, ['a', 'b']);
    ends.get('b')?.();
    await turn();
    assert.deepEqual(begun, ['a', 'b', 'c']);
  });

  it('leaves places to others, whatever never ends', async () => {
    const jobs = new Jobs({ all: 4, each: 2 }, assert.fail);
    begin(jobs, 'eve', 'e1', 'e2', 'e3', 'e4', 'e5');
    assert.deepEqual(begun, ['e1', 'e2']);
    begin(jobs, 'ada', 'a1');
    assert.deepEqual(begun, ['e1', 'e2', 'a1']);
    ends.get('e2')?.();
    await turn();
    assert.deepEqual(begun, ['e1', 'e2', 'a1', 'e3']);
  });
});
