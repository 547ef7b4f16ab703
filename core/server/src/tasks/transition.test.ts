import assert from 'node:assert/strict';
import type { Observation, Outcome, Phase } from '@stele/sdk';
import { absenceGrace, type TaskFacts, transition } from './transition.ts';

const now = new Date('2030-01-01T12:00:00Z');
const earlier = new Date(now.getTime() - absenceGrace);
const running: TaskFacts = { phase: 'running', ready: true, ref: 'r' };

describe('transition', () => {
  for (const phase of ['queued', 'starting', 'running', 'held', 'suspended'] as const) {
    it(`follows the resource to ${phase}`, () => {
      const change = transition({ phase: 'submitting', ready: false }, { phase, ref: 'r', reason: 'why' }, now);
      assert.deepEqual([change.phase, change.ref, change.reason], [phase, 'r', 'why']);
    });
  }

  it('tells when a waiting task may start, and no longer once it does', () => {
    const expectedAt = '2030-01-01T13:00:00.000Z';
    const waiting = { phase: 'queued', ready: false, expectedAt: new Date(expectedAt) } as const;
    assert.deepEqual(transition(waiting, { phase: 'queued', expectedAt }, now).expectedAt, new Date(expectedAt));
    for (const seen of [{ phase: 'queued' }, { phase: 'running' }, { phase: 'held' }] as const)
      assert.equal(transition(waiting, seen, now).expectedAt ?? null, null);
    assert.equal(transition(waiting, { phase: 'ended', outcome: 'cancelled' }, now).expectedAt, null);
  });

  it('is ready only while running', () => {
    assert.equal(transition(running, { phase: 'running' }, now).ready, true);
    assert.equal(transition(running, { phase: 'queued' }, now).ready, false);
  });

  it('keeps what it knew when the resource could not see the task', () => {
    assert.deepEqual(transition(running, { phase: 'unknown', reason: 'busy' }, now), { reason: 'busy' });
  });

  it('shows a running task as stopping once its end was asked for', () => {
    assert.equal(transition({ ...running, stopRequestedAt: now }, { phase: 'running' }, now).phase, 'stopping');
  });

  const ends: readonly [Exclude<Outcome, 'lost'>, boolean, Outcome][] = [
    ['completed', false, 'completed'],
    ['failed', false, 'failed'],
    ['out-of-memory', false, 'out-of-memory'],
    ['completed', true, 'cancelled'],
    ['failed', true, 'cancelled'],
    ['out-of-memory', true, 'out-of-memory'],
    ['node-failed', true, 'node-failed'],
  ];
  for (const [outcome, isStopped, expected] of ends) {
    it(`ends ${outcome}${isStopped ? ' after a stop' : ''} as ${expected}`, () => {
      const task = isStopped ? { ...running, stopRequestedAt: now } : running;
      const change = transition(task, { phase: 'ended', outcome, exitCode: 3 }, now);
      assert.deepEqual([change.phase, change.outcome, change.exitCode, change.ready], ['ended', expected, 3, false]);
      assert.equal(change.endedAt, now);
    });
  }

  it('does not take absence for an end at once', () => {
    const change = transition(running, { phase: 'absent' }, now);
    assert.deepEqual([change.phase, change.absentSince], [undefined, now]);
  });

  it('loses a task that stays absent', () => {
    assert.equal(transition({ ...running, absentSince: earlier }, { phase: 'absent' }, now).outcome, 'lost');
  });

  it('calls a stopped task that is gone cancelled', () => {
    const task = { ...running, absentSince: earlier, stopRequestedAt: earlier };
    assert.equal(transition(task, { phase: 'absent' }, now).outcome, 'cancelled');
  });

  it('forgets an absence when the task is seen again', () => {
    const change = transition({ ...running, absentSince: earlier }, { phase: 'running' }, now);
    assert.equal(change.absentSince, null);
  });

  const all: Observation[] = [
    { phase: 'running' },
    { phase: 'absent' },
    { phase: 'unknown', reason: '' },
    { phase: 'ended', outcome: 'failed' },
  ];
  for (const seen of all) {
    it(`never changes an ended task (${seen.phase})`, () => {
      assert.deepEqual(transition({ phase: 'ended' as Phase, outcome: 'completed', ready: false }, seen, now), {});
    });
  }
});
