import assert from 'node:assert/strict';
import { reduce, toStart, totalsOf, type Queue, type QueueEvent, type Upload } from './queue.ts';

const upload = (id: number, more: Partial<Upload> = {}): Upload => ({
  id,
  storage: 's',
  path: `f${id}`,
  size: 100,
  sent: 0,
  state: 'waiting',
  overwrite: false,
  ...more,
});
const after = (queue: Queue, ...events: readonly QueueEvent[]): Queue => events.reduce(reduce, queue);
const states = (queue: Queue): string => queue.map(({ state }) => state).join(' ');

describe('queue of uploads', () => {
  it('starts as many as may run at once, in order', () => {
    const queue = after([], { type: 'add', uploads: [upload(1), upload(2), upload(3)] });
    assert.deepEqual(
      toStart(queue, 2).map(({ id }) => id),
      [1, 2],
    );
    const running = after(queue, { type: 'start', id: 1 }, { type: 'start', id: 2 });
    assert.deepEqual(toStart(running, 2), []);
    const next = after(running, { type: 'succeed', id: 1 });
    assert.deepEqual(
      toStart(next, 2).map(({ id }) => id),
      [3],
    );
  });

  it('progress never goes back nor beyond the end', () => {
    const queue = after([upload(1)], { type: 'start', id: 1 }, { type: 'progress', id: 1, sent: 60 });
    assert.equal(after(queue, { type: 'progress', id: 1, sent: 40 })[0]?.sent, 60);
    assert.equal(after(queue, { type: 'progress', id: 1, sent: 400 })[0]?.sent, 100);
  });

  it('news that comes too late changes nothing', () => {
    const cancelled = after([upload(1)], { type: 'start', id: 1 }, { type: 'cancel', id: 1 });
    for (const type of ['succeed', 'clash', 'cancel', 'start'] as const) {
      assert.equal(states(after(cancelled, { type, id: 1 })), 'cancelled');
    }
    assert.equal(states(after([upload(1, { state: 'done' })], { type: 'fail', id: 1, problem: 'x' })), 'done');
  });

  it('fails with its reason and starts anew', () => {
    const failed = after([upload(1)], { type: 'start', id: 1 }, { type: 'fail', id: 1, problem: 'full' });
    assert.deepEqual([failed[0]?.state, failed[0]?.problem, failed[0]?.sent], ['failed', 'full', 0]);
    const again = after(failed, { type: 'retry', id: 1 });
    assert.deepEqual([again[0]?.state, again[0]?.problem], ['waiting', undefined]);
  });

  it('asks about a file that is there, and does as told', () => {
    const clash = after([upload(1)], { type: 'start', id: 1 }, { type: 'clash', id: 1 });
    const answer = (answer: (QueueEvent & { type: 'answer' })['answer']): Upload | undefined =>
      after(clash, { type: 'answer', id: 1, answer })[0];
    assert.deepEqual(answer({ do: 'replace' }), upload(1, { overwrite: true, problem: undefined }));
    assert.equal(answer({ do: 'skip' })?.state, 'skipped');
    assert.deepEqual(answer({ do: 'rename', path: 'f1 (2)' }), upload(1, { path: 'f1 (2)', problem: undefined }));
    assert.equal(states(after([upload(1)], { type: 'answer', id: 1, answer: { do: 'skip' } })), 'waiting');
  });

  it('is cancelled and cleared as a whole', () => {
    const queue = [
      upload(1, { state: 'done' }),
      upload(2, { state: 'sending' }),
      upload(3),
      upload(4, { state: 'clash' }),
    ];
    assert.equal(states(reduce(queue, { type: 'cancel-all' })), 'done cancelled cancelled cancelled');
    assert.deepEqual(
      reduce(queue, { type: 'clear' }).map(({ id }) => id),
      [2, 3, 4],
    );
  });

  it('is told in numbers', () => {
    const totals = totalsOf([
      upload(1, { state: 'done' }),
      upload(2, { state: 'sending', sent: 50 }),
      upload(3, { state: 'failed' }),
      upload(4, { state: 'clash' }),
    ]);
    assert.deepEqual({ ...totals, fraction: 0 }, { open: 2, done: 1, failed: 1, clashes: 1, files: 3, fraction: 0 });
    assert.ok(totals.fraction > 0.3 && totals.fraction < 0.4);
    assert.equal(totalsOf([]).fraction, 0);
    assert.equal(totalsOf([upload(1, { size: 0, state: 'done' })]).fraction, 1);
  });
});
