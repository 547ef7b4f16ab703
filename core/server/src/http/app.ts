import { randomUUID } from 'node:crypto';
import type { Logger } from '@stele/sdk';
import Koa, { type Context, type Middleware, type Next } from 'koa';
import { isOwnHost } from './guard.ts';
import { HttpError, isExpected, problemOf } from './problem.ts';

/** What the HTTP layer knows of the site. */
export interface SiteAddress {
  /** Public origin, e.g. `https://stele.example.org`. */
  readonly origin: string;
  /** Values of `Host` that are ours. */
  readonly hosts: readonly string[];
}

/** Koa with the frame that every answer has: an id, an error form, security headers, our own host only. */
export function createApp(site: () => SiteAddress, log: Logger, rooms: readonly Middleware[]): Koa {
  const app = new Koa();
  app.on('error', brokenOff(log));
  app.use(errors(log));
  app.use(headers(site));
  app.use(ownHost(site));
  for (const room of rooms) app.use(room);
  app.use(nothingHere);
  return app;
}

/** Codes of who leaves before the end, which nobody has to look at. */
const leaving: ReadonlySet<unknown> = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ECONNRESET', 'EPIPE']);

/** Tells of an answer that was under way: it can't become a problem any more, is cut, and the log alone has why. */
function brokenOff(log: Logger): (error: NodeJS.ErrnoException, ctx: Context) => void {
  const told = new WeakSet<Context>();
  return (error, ctx) => {
    // Koa tells of the body that broke, and of the connection that was cut for it.
    if (told.has(ctx)) return;
    told.add(ctx);
    const hasLeft = leaving.has(error.code) || error.name === 'AbortError';
    const fields = { requestId: ctx.state.requestId as unknown, method: ctx.method, path: ctx.path, error };
    log[hasLeft ? 'debug' : 'warn'](hasLeft ? 'connection ended early' : 'an answer broke off', fields);
  };
}

function errors(log: Logger): Middleware {
  return async (ctx: Context, next: Next) => {
    const id = randomUUID();
    ctx.state.requestId = id;
    ctx.set('X-Request-Id', id);
    try {
      await next();
    } catch (error) {
      answerProblem(ctx, error, id, log);
    }
  };
}

function answerProblem(ctx: Context, error: unknown, id: string, log: Logger): void {
  const isOurs = !isExpected(error);
  log[isOurs ? 'error' : 'debug']('request failed', { requestId: id, method: ctx.method, path: ctx.path, error });
  const problem = problemOf(error, id);
  ctx.status = problem.status;
  if (error instanceof HttpError) ctx.set(error.headers);
  ctx.set('Cache-Control', 'no-store');
  ctx.body = JSON.stringify(problem);
  ctx.type = 'application/problem+json';
}

function headers(site: () => SiteAddress): Middleware {
  return async (ctx: Context, next: Next) => {
    ctx.set({
      'X-Content-Type-Options': 'nosniff',
      'X-Frame-Options': 'DENY',
      'Referrer-Policy': 'no-referrer',
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Permissions-Policy': 'camera=(), geolocation=(), microphone=()',
      'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    });
    if (site().origin.startsWith('https:')) ctx.set('Strict-Transport-Security', 'max-age=31536000');
    await next();
  };
}

function ownHost(site: () => SiteAddress): Middleware {
  return async (ctx: Context, next: Next) => {
    if (!isOwnHost(ctx.req.headers.host, site().hosts)) {
      throw new HttpError('NOT_FOUND', 'This platform does not answer under that name.');
    }
    await next();
  };
}

function nothingHere(): never {
  throw new HttpError('NOT_FOUND', 'There is nothing at this address.');
}
