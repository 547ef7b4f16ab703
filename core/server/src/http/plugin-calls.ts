import { addAbortSignal, Readable } from 'node:stream';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { Logger, RouteHandler } from '@stele/sdk';
import type { Context, Middleware, Next } from 'koa';
import { type Authenticated, leaving } from './api.ts';
import { HttpError } from './problem.ts';
import type { ListenerOf } from './routes/events.ts';

const place = /^\/api\/v1\/plugins\/([a-z][a-z0-9-]{0,62})\/(.*)$/;

/**
 * Hands `/api/v1/plugins/<id>/…` to the plugin that is active at that moment, in the shapes of the Fetch standard. An answer that
 * goes on, such as an event stream, ends with what it was asked by.
 */
export function pluginCalls(
  handlerOf: (plugin: string) => RouteHandler | undefined,
  admit: (ctx: Context) => Promise<Authenticated>,
  listenerOf: ListenerOf,
  log: Logger,
): Middleware {
  return async (ctx: Context, next: Next) => {
    const [, plugin, rest] = place.exec(ctx.path) ?? [];
    const handler = plugin === undefined ? undefined : handlerOf(plugin);
    if (!handler || plugin === undefined) return next();
    const who = await admit(ctx);
    ctx.state.who = who;
    const { viewer } = who;
    const { signal } = listenerOf(ctx, viewer, leaving(ctx));
    try {
      const response = await handler(requestOf(ctx, `/${rest}`, signal), { userId: viewer.id, role: viewer.role });
      answer(ctx, response, signal);
    } catch (error) {
      log.error('a plugin failed in a request', { plugin, path: ctx.path, error });
      throw new HttpError('INTERNAL', `The plugin “${plugin}” failed. The platform’s log has the details.`);
    }
  };
}

/** What a plugin sees of a request: no cookie and no credential of the platform's. */
function requestOf(ctx: Context, path: string, signal: AbortSignal): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(ctx.req.headers)) {
    if (name === 'cookie' || name === 'authorization' || name === 'x-csrf-token' || value === undefined) continue;
    headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  const hasBody = ctx.method !== 'GET' && ctx.method !== 'HEAD';
  const body = hasBody ? { body: Readable.toWeb(ctx.req) as ReadableStream, duplex: 'half' as const } : {};
  // Put together, not resolved: a path that begins with two slashes would become another host.
  return new Request(`http://plugin.invalid${path}${ctx.search}`, {
    method: ctx.method,
    headers,
    signal,
    ...body,
  });
}

/** Passes on status, body and type; the frame's own headers stay as they are, so that no plugin opens the page's policy. */
function answer(ctx: Context, response: Response, signal: AbortSignal): void {
  const type = response.headers.get('content-type');
  ctx.body = response.body ? until(signal, Readable.fromWeb(response.body as unknown as WebStream)) : null;
  // After the body: Koa takes an answer without one for a 204, whatever it was.
  ctx.status = response.status;
  if (type) ctx.type = type;
  ctx.set('Cache-Control', response.headers.get('cache-control') ?? 'no-store');
}

/** Ends with the signal; also when nobody reads any more, who could be told. */
function until(signal: AbortSignal, stream: Readable): Readable {
  return addAbortSignal(
    signal,
    stream.on('error', () => undefined),
  );
}
