import assert from 'node:assert/strict';
import { LiveEvents, type EventSourceLike } from './live-events.ts';

class FakeSource implements EventSourceLike {
  readyState = 0;
  isClosed = false;
  readonly listeners = new Map<string, (event: { data?: unknown }) => void>();

  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.listeners.set(type, listener);
  }

  close(): void {
    this.isClosed = true;
  }

  fire(type: string, data?: unknown): void {
    this.listeners.get(type)?.({ data });
  }
}

function world() {
  const sources: FakeSource[] = [];
  const refusals: number[] = [];
  const timers: { run: () => void; ms: number; cancelled: boolean }[] = [];
  const events = new LiveEvents('/events', {
    open: () => {
      const source = new FakeSource();
      sources.push(source);
      return source;
    },
    later: (run, ms) => {
      const timer = { run, ms, cancelled: false };
      timers.push(timer);
      return () => {
        timer.cancelled = true;
      };
    },
    onRefused: () => refusals.push(sources.length),
    onBadEvent: () => undefined,
  });
  return { events, sources, timers, refusals, last: () => sources.at(-1) as FakeSource };
}

function breakForGood(source: FakeSource): void {
  source.readyState = 2;
  source.fire('error');
}

describe('live events', () => {
  it('hands each listener the parsed data of its kind alone', () => {
    const { events, last } = world();
    const seen: unknown[] = [];
    const off = events.on('task-removed', (data) => seen.push(data));
    events.start();
    last().fire('task-removed', '{"id":"a"}');
    last().fire('ui', '{"version":"1"}');
    off();
    last().fire('task-removed', '{"id":"b"}');
    assert.deepEqual(seen, [{ id: 'a' }]);
  });

  it('waits longer from try to try and no longer than 30 s', () => {
    const { events, last, timers } = world();
    events.start();
    for (let index = 0; index < 7; index++) {
      breakForGood(last());
      timers.at(-1)?.run();
    }
    assert.deepEqual(
      timers.map((timer) => timer.ms),
      [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000],
    );
  });

  it('lets the browser heal a short cut by itself', () => {
    const { events, sources, last, timers } = world();
    events.start();
    last().fire('open');
    last().fire('error');
    assert.equal(events.state, 'lost');
    last().fire('open');
    assert.equal(events.state, 'live');
    assert.equal(sources.length, 1);
    assert.equal(timers.length, 0);
  });

  it('tells each refusal, and no short cut', () => {
    const { events, last, timers, refusals } = world();
    events.start();
    last().fire('error');
    breakForGood(last());
    timers[0]?.run();
    breakForGood(last());
    assert.deepEqual(refusals, [1, 2]);
  });

  it('says resync once after a new connection, and not after the first', () => {
    const { events, last, timers } = world();
    let resyncs = 0;
    events.on('resync', () => resyncs++);
    events.start();
    last().fire('open');
    assert.equal(resyncs, 0);
    breakForGood(last());
    timers.at(-1)?.run();
    last().fire('open');
    assert.equal(resyncs, 1);
  });

  it('tries at once when hurried, and never twice', () => {
    const { events, sources, last, timers } = world();
    events.start();
    breakForGood(last());
    events.hurry();
    assert.equal(timers[0]?.cancelled, true);
    assert.equal(sources.length, 2);
    events.hurry();
    assert.equal(sources.length, 2);
  });

  it('survives an event that is not JSON, and a late word of a closed source', () => {
    const { events, last } = world();
    const seen: unknown[] = [];
    events.on('ui', (data) => seen.push(data));
    events.start();
    last().fire('ui', '{');
    const old = last();
    events.stop();
    old.fire('ui', '{"version":"1"}');
    assert.deepEqual(seen, []);
    assert.equal(old.isClosed, true);
    assert.equal(events.state, 'closed');
  });
});
