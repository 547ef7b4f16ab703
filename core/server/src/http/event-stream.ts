import { PassThrough } from 'node:stream';
import type { Context } from 'koa';
import type { EventBus, StampedEvent } from '../events.ts';

/** Whether the listener may see an event. Asked for each event, so that a right that is gone ends what is heard. */
export type Sieve = (event: StampedEvent) => boolean;

const beat = 20_000;
/** Bytes waiting for a listener that doesn't read; past that it is cut and comes back with `Last-Event-ID`. */
const waitLimit = 4 * 1024 * 1024;

/** Sends events for as long as the listener stays and `signal` isn't aborted. */
export function streamEvents(ctx: Context, bus: EventBus, mayHear: Sieve, signal: AbortSignal): PassThrough {
  ctx.req.socket.setNoDelay(true);
  ctx.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  const out = new PassThrough();
  const send = (event: StampedEvent): void => {
    if (out.writableLength > waitLimit) out.destroy();
    else if (mayHear(event)) out.write(format(bus.mark(event.id), event));
  };
  const since = ctx.get('Last-Event-ID');
  const missed = since === '' ? [] : bus.since(since);
  out.write(`retry: 1000\n\n`);
  out.write(missed === undefined ? format(bus.mark(), { name: 'resync', data: {} }) : `id: ${bus.mark()}\n\n`);
  for (const event of missed ?? []) send(event);
  const listening = bus.listen(send);
  const pulse = setInterval(() => out.write(': still here\n\n'), beat);
  const leave = (): void => {
    listening[Symbol.dispose]();
    clearInterval(pulse);
    signal.removeEventListener('abort', end);
  };
  // Heard no longer from then on, however much a slow listener has still to read.
  const end = (): void => {
    leave();
    out.end();
  };
  out.once('close', leave);
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  return out;
}

const format = (mark: string, { name, data }: Pick<StampedEvent, 'name' | 'data'>): string =>
  `id: ${mark}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
