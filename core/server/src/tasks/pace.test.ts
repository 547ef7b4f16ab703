import assert from 'node:assert/strict';
import { gapOf, jittered, paceOf, type Pulse } from './pace.ts';

const pulse: Pulse = { tasks: 3, isMoving: false, unchanged: 0, took: 10, failures: 0 };

describe('how often a resource is looked at', () => {
  const cases: readonly (readonly [string, Partial<Pulse>, number])[] = [
    ['calmly when nothing moves', {}, 5_000],
    ['more calmly where many run', { tasks: 1_000 }, 10_000],
    ['quickly when something has begun to move', { isMoving: true }, 1_000],
    ['quickly, too, where many run', { isMoving: true, tasks: 1_000 }, 1_000],
    ['less and less quickly when what moves has not changed for long', { isMoving: true, unchanged: 60_000 }, 3_000],
    ['calmly for what waits for hours', { isMoving: true, unchanged: 7_200_000 }, 5_000],
    ['more rarely where answers take long', { took: 1_500 }, 30_000],
    ['more rarely also while something moves', { isMoving: true, took: 300 }, 6_000],
    ['once a minute at least', { took: 30_000 }, 60_000],
    ['soon after the first failure', { failures: 1 }, 2_000],
    ['ever more rarely while it fails', { failures: 3, isMoving: true }, 8_000],
    ['once a minute when it has failed for long', { failures: 300 }, 60_000],
  ];
  for (const [what, facts, expected] of cases) {
    it(what, () => assert.equal(paceOf({ ...pulse, ...facts }), expected));
  }
});

describe('how often somebody can make us look', () => {
  for (const [took, failures, gap] of [
    [1, 0, 250],
    [400, 0, 800],
    [30_000, 0, 5_000],
    [1, 1, 250],
    [1, 2, 5_000],
  ] as const) {
    it(`every ${gap} ms after ${failures} failures and an answer that took ${took} ms`, () =>
      assert.equal(gapOf({ took, failures }), gap));
  }
});

describe('jitter', () => {
  for (const [random, expected] of [
    [0, 750],
    [0.5, 1_000],
    [0.999, 1_249.5],
  ] as const) {
    it(`makes ${expected} of 1000`, () =>
      assert.equal(
        jittered(1_000, () => random),
        expected,
      ));
  }
});
