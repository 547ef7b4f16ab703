import assert from 'node:assert/strict';
import { readEvents } from './events.ts';

describe('what a cluster says happened to a task', () => {
  const scheduled = {
    ...{ type: 'Normal', reason: 'Scheduled', message: 'Successfully assigned a/b to node1' },
    ...{ firstTimestamp: null, lastTimestamp: null, eventTime: '2026-01-01T10:00:00.123456Z' },
  };
  const backOff = {
    ...{ type: 'Warning', reason: 'BackOff', message: 'Back-off pulling image "x"\n', count: 7 },
    ...{ firstTimestamp: '2026-01-01T10:00:05Z', lastTimestamp: '2026-01-01T10:02:00Z', eventTime: null },
  };
  const again = {
    ...{ type: 'Warning', reason: 'FailedScheduling', eventTime: '2026-01-01T09:00:00.000000Z' },
    series: { count: 3, lastObservedTime: '2026-01-01T10:01:00.000000Z' },
  };

  it('is in the order in which it happened last, whoever wrote it', () => {
    assert.deepEqual(readEvents([{ items: [backOff, scheduled] }, { items: [again] }]), [
      { at: '2026-01-01T10:00:00.000Z', reason: 'Scheduled', says: 'Successfully assigned a/b to node1' },
      { at: '2026-01-01T10:01:00.000Z', reason: 'FailedScheduling', isWarning: true, count: 3 },
      {
        ...{ at: '2026-01-01T10:02:00.000Z', reason: 'BackOff', says: 'Back-off pulling image "x"' },
        ...{ isWarning: true, count: 7 },
      },
    ]);
  });

  it('is in the order of its beginning within a second, of which most events say no more', () => {
    const event = (reason: string, name: string, lastTimestamp: string) => ({
      ...{ reason, lastTimestamp, metadata: { name: `stele-a.${name}` } },
    });
    const items = [
      event('Started', '17f1c2a4b5d6e7f9', '2026-01-01T10:00:00Z'),
      event('Scheduled', '17f1c2a4b5d6e7f1', '2026-01-01T10:00:00.900000Z'),
      event('Pulled', '17f1c2a4b5d6e7f8', '2026-01-01T10:00:00Z'),
    ];
    assert.deepEqual(
      readEvents([{ items }]).map(({ reason }) => reason),
      ['Scheduled', 'Pulled', 'Started'],
    );
  });

  it('is nothing where nothing is known', () => {
    assert.deepEqual(readEvents([{ items: [] }, {}, null]), []);
    assert.deepEqual(readEvents([{ items: [{ reason: 'Odd', lastTimestamp: 'never' }] }]), [{ reason: 'Odd' }]);
  });

  it('is cut where it has no end', () => {
    const [event] = readEvents([{ items: [{ reason: 'Long', message: 'x'.repeat(100_000) }] }]);
    assert.equal(event?.says?.length, 1_000);
  });
});
