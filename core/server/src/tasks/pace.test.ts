import assert from 'node:assert/strict';
import { gapOf, jittered, paceOf, type Pulse } from './pace.ts';

const pulse: Pulse = { tasks: 3, isMoving: false, unchanged: 0, took: 10, failing: undefined };

describe('how often a resource is looked at', () => {
  const cases: readonly (readonly [string, Partial<Pulse>, number])[] = [
    ['calmly when nothing moves', {}, 5_000],
    ['more calmly where many run', { tasks: 1_000 }, 10_000],
    ['quickly when something has begun to move', { isMoving: true }, 1_000],
    ['quickly, too, where many run', { isMoving: true, tasks: 1_000 }, 1_000],
    ['less and less quickly when what moves has not changed for long', { isMoving: true, unchanged: 60_000 }, 3_000],
    ['calmly for what waits for hours', { isMoving: true, unchanged: 7_200_000 }, 5_000],
    ['more rarely where answers take long', { took: 1_500 }, 30_000],
    ['a little more rarely also when something has just begun to move', { isMoving: true, took: 300 }, 1_500],
    ['more rarely while something moves for long', { isMoving: true, unchanged: 40_000, took: 300 }, 6_000],
    ['once a minute at least', { took: 30_000 }, 60_000],
    ['soon after the first failure', { failing: 0 }, 2_000],
    ['ever more rarely while it fails', { failing: 16_000, isMoving: true }, 8_000],
    ['once a minute when it has failed for long', { failing: 7_200_000 }, 60_000],
  ];
  for (const [what, facts, expected] of cases) {
    it(what, () => assert.equal(paceOf({ ...pulse, ...facts }), expected));
  }
});

describe('how often somebody can make us look', () => {
  for (const [took, failing, gap] of [
    [1, undefined, 250],
    [400, undefined, 800],
    [30_000, undefined, 5_000],
    [1, 0, 250],
    [1, 2_500, 5_000],
  ] as const) {
    it(`every ${gap} ms after an answer that took ${took} ms, and ${failing ?? 'no'} ms of failures`, () =>
      assert.equal(gapOf({ took, failing }), gap));
  }
});

describe('jitter', () => {
  for (const [random, expected] of [
    [0, 1_000],
    [0.5, 1_125],
    [1, 1_250],
  ] as const) {
    it(`makes ${expected} of 1000`, () =>
      assert.equal(
        jittered(1_000, () => random),
        expected,
      ));
  }
});
