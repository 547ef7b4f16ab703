import assert from 'node:assert/strict';
import { eventsOf } from './events.ts';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 10, 0, second));

describe('what happened to a task of Fargate', () => {
  it('is in the order in which it happened', () => {
    const task = { createdAt: at(0), pullStartedAt: at(2), connectivityAt: at(1), pullStoppedAt: at(9) };
    assert.deepEqual(
      eventsOf(task).map(({ reason }) => reason),
      ['Created', 'Connected', 'Pulling', 'Pulled'],
    );
  });

  it('ends with why it stopped, which is a warning unless it ended by itself or on request', () => {
    const said = 'CannotPullContainerError: no such image';
    for (const [stopCode, isWarning] of [
      ['TaskFailedToStart', true],
      ['EssentialContainerExited', undefined],
      ['UserInitiated', undefined],
    ] as const) {
      const events = eventsOf({ createdAt: at(0), stoppedAt: at(3), stopCode, stoppedReason: said });
      const last = events.at(-1);
      assert.deepEqual([last?.at, last?.reason, last?.says], ['2026-01-01T10:00:03.000Z', stopCode, said]);
      assert.equal(last?.isWarning, isWarning);
    }
  });

  it('is nothing where nothing is known', () => assert.deepEqual(eventsOf({}), []));
});
