import { decide, hasRole, type Viewer } from '../../accounts/index.ts';
import type { EventBus, StampedEvent } from '../../events.ts';
import { AtOnce } from '../at-once.ts';
import { streamEvents } from '../event-stream.ts';
import { HttpError } from '../problem.ts';
import { type Route, route } from '../route.ts';
import type { Context } from 'koa';

/** Gives the listener as they are now, and a signal that aborts when they may no longer listen. */
export interface Listener {
  readonly viewer: () => Viewer;
  readonly signal: AbortSignal;
}

/** Follows the rights of whoever listens, until they leave. */
export type ListenerOf = (koa: Context, viewer: Viewer, leaving: AbortSignal) => Listener;

/** Streams of one user: each open page has one. What listens no longer without a word is noticed after minutes. */
const mostStreams = 32;

export function eventRoutes(bus: EventBus, listenerOf: ListenerOf): Route[] {
  const places = new AtOnce(mostStreams);
  return [
    route({
      method: 'GET',
      path: '/events',
      summary: 'News, as server-sent events; resumable by Last-Event-ID',
      audience: 'user',
      media: { type: 'text/event-stream', statuses: [200] },
      handle: async ({ viewer, koa, signal }) => {
        const place = places.take(viewer.id);
        if (!place) throw tooMany();
        const listener = listenerOf(koa, viewer, signal);
        const stream = streamEvents(koa, bus, (event) => mayHear(listener.viewer(), event), listener.signal);
        return stream.once('close', () => place[Symbol.dispose]());
      },
    }),
  ];
}

/** The newest is refused: one that were cut for it would come back, and cut the next. */
function tooMany(): HttpError {
  const message = `You follow the news at ${mostStreams} places already. Close pages, or end programs, that you no longer need.`;
  return new HttpError('RATE_LIMIT', message, { headers: { 'Retry-After': '60' } });
}

/** Events carry no more than a `GET` of their object would; of tasks, as in the list, only one's own. */
function mayHear(viewer: Viewer, { name, owner }: StampedEvent): boolean {
  if (name === 'plugin') return hasRole(viewer, 'admin');
  if (owner === undefined) return true;
  return decide(viewer, name === 'resource' ? 'see' : 'use', { owner });
}
