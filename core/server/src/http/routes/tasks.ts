import { addAbortSignal, PassThrough, pipeline, Readable } from 'node:stream';
import { Connection, ListOf, ListQuery, NewTask, Strict, Task, TaskEvent, TaskPreview } from '@stele/sdk/api';
import type { Context } from 'koa';
import { Type } from 'typebox';
import { decide, type Viewer } from '../../accounts/index.ts';
import type { TaskCursor, Tasks } from '../../tasks/index.ts';
import type { Listener, ListenerOf } from './events.ts';
import { HttpError } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { idParams as params } from './owned.ts';

const logQuery = Strict({
  follow: Type.Optional(Type.Boolean({ description: 'Go on until the task ends' })),
  tail: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000, description: 'Only the last lines' })),
});

/** Opens the way into a task for a viewer whose right was checked. */
export type Connect = (viewer: Viewer, koa: Context, id: string) => Promise<Connection>;

export function taskRoutes(tasks: Tasks, connect: Connect, listenerOf: ListenerOf): Route[] {
  return [...launchRoutes(tasks), ...lifeRoutes(tasks), ...interfaceRoutes(tasks, connect, listenerOf)];
}

function launchRoutes(tasks: Tasks): Route[] {
  return [
    route({
      method: 'GET',
      path: '/tasks',
      summary: 'One’s tasks, the newest first',
      audience: 'user',
      query: ListQuery,
      answer: ListOf(Task),
      handle: async ({ viewer, query }) => page(tasks, viewer, query.limit ?? 100, query.cursor),
    }),
    route({
      method: 'POST',
      path: '/tasks',
      summary: 'Launches a task',
      audience: 'user',
      body: NewTask,
      answer: Task,
      status: 202,
      handle: async ({ viewer, body, signal }) => tasks.view(await tasks.launch(viewer, body, signal)),
    }),
    route({
      method: 'POST',
      path: '/tasks/preview',
      summary: 'What a launch would send',
      audience: 'user',
      isRead: true,
      body: NewTask,
      answer: TaskPreview,
      handle: async ({ viewer, body, signal }) => tasks.launcher.preview(viewer, body, signal),
    }),
  ];
}

function lifeRoutes(tasks: Tasks): Route[] {
  return [
    route({
      method: 'GET',
      path: '/tasks/:id',
      summary: 'One task',
      audience: 'user',
      params,
      answer: Task,
      handle: async ({ viewer, params }) => tasks.show(viewer, params.id),
    }),
    route({
      method: 'POST',
      path: '/tasks/:id/stop',
      summary: 'Asks for a task’s end',
      audience: 'user',
      params,
      answer: Task,
      status: 202,
      handle: async ({ viewer, params }) => tasks.view(await tasks.stop(viewer, params.id)),
    }),
    route({
      method: 'POST',
      path: '/tasks/:id/bring-back',
      summary: 'Brings back what lies in the task’s folder, now',
      audience: 'user',
      params,
      answer: Task,
      status: 202,
      handle: async ({ viewer, params }) => tasks.view(await tasks.bringBack(viewer, params.id)),
    }),
    route({
      method: 'DELETE',
      path: '/tasks/:id',
      summary: 'Forgets an ended task and removes what it left',
      audience: 'user',
      params,
      handle: async ({ viewer, params }) => tasks.delete(viewer, params.id),
    }),
  ];
}

function interfaceRoutes(tasks: Tasks, connect: Connect, listenerOf: ListenerOf): Route[] {
  return [
    route({
      method: 'GET',
      path: '/tasks/:id/logs',
      summary: 'What a task printed, as text',
      audience: 'user',
      params,
      query: logQuery,
      media: { type: 'text/plain', statuses: [200] },
      handle: async ({ viewer, params, query, signal, koa }) =>
        logs(tasks, koa, listenerOf(koa, viewer, signal), params.id, query),
    }),
    route({
      method: 'GET',
      path: '/tasks/:id/events',
      summary: 'What happened to a task, as far as its resource tells and remembers it; the oldest first',
      audience: 'user',
      params,
      answer: ListOf(TaskEvent),
      handle: async ({ viewer, params, signal }) => ({ items: [...(await tasks.events(viewer, params.id, signal))] }),
    }),
    route({
      method: 'POST',
      path: '/tasks/:id/connect',
      summary: 'Opens the way into a task',
      audience: 'user',
      params,
      answer: Connection,
      handle: async ({ viewer, params, koa }) => connect(viewer, koa, params.id),
    }),
  ];
}

async function page(
  tasks: Tasks,
  viewer: Viewer,
  limit: number,
  cursor: string | undefined,
): Promise<{ items: Task[]; next?: string }> {
  const items = await tasks.list(viewer, limit, cursor === undefined ? undefined : parseCursor(cursor));
  const last = items.length === limit ? items.at(-1) : undefined;
  return { items, ...(last ? { next: `${last.createdAt} ${last.id}` } : {}) };
}

/** Four digits of a year: other dates that JavaScript reads are none to a database. */
const cursorForm = /^(\d{4}-\d\d-\d\dT[\d:.]{8,15}Z) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

function parseCursor(cursor: string): TaskCursor {
  const [, time = '', id = ''] = cursorForm.exec(cursor) ?? [];
  const createdAt = new Date(time);
  if (!Number.isNaN(createdAt.getTime()) && createdAt.getTime() > 0) return { createdAt, id };
  throw new HttpError('INVALID', 'This cursor is not one of ours.', { field: 'cursor' });
}

/**
 * Streams the log. Who may not see the task gets an answer; what fails at the log itself cuts the stream, and so does the end of
 * the session or of the right to see the task, however long somebody follows it.
 */
async function logs(
  tasks: Tasks,
  koa: Context,
  { viewer, signal }: Listener,
  id: string,
  query: { readonly follow?: boolean; readonly tail?: number },
): Promise<Readable> {
  const options = { follow: query.follow ?? false, ...(query.tail === undefined ? {} : { tail: query.tail }) };
  const owner = { kind: 'user', id: (await tasks.get(viewer(), id, 'see')).owner.id } as const;
  // Who has left, or may no more, while the task was looked up.
  if (signal.aborted) throw new HttpError('UNAUTHENTICATED', 'Log in first.');
  // Whoever reads it hears of its end; when nobody does yet, or any more, there is nobody to tell.
  const out = addAbortSignal(
    signal,
    new PassThrough().on('error', () => undefined),
  );
  koa.set({ 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' });
  koa.type = 'text/plain; charset=utf-8';
  koa.status = 200;
  koa.flushHeaders();
  // What fails here cuts `out`, of which Koa tells: a line for each.
  pipeline(
    Readable.from(whileTrue(() => decide(viewer(), 'see', { owner }), tasks.logs(viewer(), id, options, signal))),
    out,
    () => undefined,
  );
  return out;
}

async function* whileTrue<T>(isTrue: () => boolean, all: AsyncIterable<T>): AsyncIterable<T> {
  for await (const one of all) {
    if (!isTrue()) return;
    yield one;
  }
}
