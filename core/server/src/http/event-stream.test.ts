import assert from 'node:assert/strict';
import type { Context } from 'koa';
import { EventBus } from '../events.ts';
import { streamEvents } from './event-stream.ts';

const koa = { req: { socket: { setNoDelay: () => undefined } }, set: () => undefined, get: () => '' };

describe('the event stream', () => {
  const open = (signal: AbortSignal, bus = new EventBus()) => {
    const stream = streamEvents(koa as unknown as Context, bus, () => true, signal);
    const errors: unknown[] = [];
    stream.on('error', (error) => errors.push(error));
    return { bus, stream, errors };
  };
  const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  it('says nothing after its end to a listener that is slow to read', async () => {
    const over = new AbortController();
    const { bus, stream, errors } = open(over.signal);
    bus.publish('ui', { version: 'before' });
    over.abort();
    bus.publish('ui', { version: 'after' });
    await turn();
    const text = Buffer.concat(await Array.fromAsync(stream)).toString();
    assert.match(text, /before/);
    assert.doesNotMatch(text, /after/);
    assert.deepEqual(errors, []);
  });

  it('ends at once for whoever has left already', async () => {
    const { stream } = open(AbortSignal.abort());
    await Array.fromAsync(stream);
    assert(stream.destroyed);
  });

  it('cuts a listener that does not read', async () => {
    const { bus, stream } = open(new AbortController().signal);
    for (let n = 0; n < 100 && !stream.destroyed; n++) bus.publish('ui', { version: 'x'.repeat(100_000) });
    assert(stream.destroyed);
    await turn();
  });
});
