import assert from 'node:assert/strict';
import type { Observation } from '@stele/sdk';
import { judge } from './judge.ts';
import { Journal } from './journal.ts';
import { unseen } from './record.ts';

const job = { id: '7', key: 'k', uid: '1000', reason: '', nodes: [], restarts: 0 };
const pending = (reason: string, more: object = {}): Observation => see({ state: 'PENDING', reason, ...more });
const see = (parts: object, booked?: object): Observation => {
  const queue = { ...job, state: 'PENDING', ...parts };
  return judge({ queue, accounting: booked ? { ...queue, ...booked } : 'unseen', record: unseen });
};
const running = { state: 'RUNNING', start: '2026-01-01T10:00:00.000Z', nodes: ['n1'], reason: 'None' };
const now = new Date('2026-01-01T09:00:00.000Z');

/** What a journal makes of looks, as `REASON says` lines. */
function toldOf(...looks: readonly Observation[]): readonly string[] {
  const journal = new Journal();
  for (const look of looks) journal.note('r', new Map([['k', look]]), now);
  return journal
    .of('r', 'k')
    .map(
      ({ at = '', reason, says = '', isWarning }) => `${at.slice(11, 16)} ${reason}${isWarning ? '!' : ''}: ${says}`,
    );
}

describe('events of a job, from rounds', () => {
  it('are its states and the reasons that change, by Slurm’s times where it has them', () => {
    const end = { ...running, state: 'COMPLETED', end: '2026-01-01T11:00:00.000Z', exit: { code: 0, signal: 0 } };
    const looks = [
      pending('Priority'),
      pending('Priority'),
      pending('Resources'),
      see(running),
      see(running),
      see(end),
    ];
    assert.deepEqual(toldOf(...looks), [
      '09:00 PENDING Priority: Waiting: jobs of higher priority come first.',
      '09:00 PENDING Resources: Waiting for free nodes: it is next.',
      '10:00 RUNNING: On n1.',
      '11:00 COMPLETED: ',
    ]);
  });

  it('tell of what is held, and of what was queued again', () => {
    const again = pending('BeginTime', { restarts: 1 });
    assert.deepEqual(toldOf(pending('JobHeldUser'), see(running), again), [
      '09:00 PENDING JobHeldUser!: Held by its owner.',
      '10:00 RUNNING: On n1.',
      '10:00 Requeued: Waiting for its begin time; a job that was queued again waits two minutes. It was queued again after a first run.',
    ]);
  });

  it('tell who cancelled it', () => {
    const cancelled = see(
      { ...running, state: 'CANCELLED', end: '2026-01-01T10:30:00.000Z' },
      { state: 'CANCELLED by 0' },
    );
    assert.deepEqual(toldOf(cancelled), ['10:30 CANCELLED!: The job was cancelled by the cluster’s administrators.']);
  });

  it('say nothing of looks that saw nothing', () => {
    assert.deepEqual(toldOf({ phase: 'absent' }, { phase: 'unknown', reason: 'away' }), []);
  });

  it('are bounded', () => {
    const looks = Array.from({ length: 300 }, (_, index) => pending(index % 2 === 0 ? 'Priority' : 'Resources'));
    assert.equal(toldOf(...looks).length, 100);
  });
});
