import { decide, hasRole, type Viewer } from '../../accounts/index.ts';
import type { EventBus, StampedEvent } from '../../events.ts';
import { streamEvents } from '../event-stream.ts';
import { type Route, route } from '../route.ts';
import type { Context } from 'koa';

/** Gives the listener as they are now, and a signal that aborts when they may no longer listen. */
export interface Listener {
  readonly viewer: () => Viewer;
  readonly signal: AbortSignal;
}

/** Follows the rights of whoever listens, until they leave. */
export type ListenerOf = (koa: Context, viewer: Viewer, leaving: AbortSignal) => Listener;

export function eventRoutes(bus: EventBus, listenerOf: ListenerOf): Route[] {
  return [
    route({
      method: 'GET',
      path: '/events',
      summary: 'News, as server-sent events; resumable by Last-Event-ID',
      audience: 'user',
      media: { type: 'text/event-stream', statuses: [200] },
      handle: async ({ viewer, koa, signal }) => {
        const listener = listenerOf(koa, viewer, signal);
        return streamEvents(koa, bus, (event) => mayHear(listener.viewer(), event), listener.signal);
      },
    }),
  ];
}

/** Events carry no more than a `GET` of their object would; of tasks, as in the list, only one's own. */
function mayHear(viewer: Viewer, { name, owner }: StampedEvent): boolean {
  if (name === 'plugin') return hasRole(viewer, 'admin');
  if (owner === undefined) return true;
  return decide(viewer, name === 'resource' ? 'see' : 'use', { owner });
}
