import { Readable } from 'node:stream';
import Router, { type RouterContext } from '@koa/router';
import bodyParser from '@koa/bodyparser';
import type { Context, Middleware } from 'koa';
import type { TObject } from 'typebox';
import { hasRole, type Viewer } from '../accounts/index.ts';
import { forgery } from './guard.ts';
import { HttpError } from './problem.ts';
import type { Request, Route } from './route.ts';
import { validate } from '../schema/index.ts';

/** Who sent a request, by which proof. */
export interface Authenticated {
  readonly viewer: Viewer;
  /** The session, when that was the proof. */
  readonly session?: { readonly id: string; readonly csrf: string };
  /** The token, and what it allows, when that was the proof. */
  readonly token?: { readonly id: string; readonly scope: 'read' | 'write'; readonly expiresAt: Date };
}

/** Finds out who sent a request; `undefined` when nobody says so. Throws UNAUTHENTICATED for a proof that is not valid. */
export type Authenticate = (ctx: RouterContext) => Promise<Authenticated | undefined>;

export const apiPrefix = '/api/v1';

/** Serves routes: each is authenticated, guarded against forgery, validated, and only then handled. */
export function apiRouter(routes: readonly Route[], authenticate: Authenticate, ownOrigin: () => string): Router {
  const router = new Router({ prefix: apiPrefix });
  const json = bodyParser({ enableTypes: ['json'], jsonLimit: '1mb', onError: badBody });
  for (const route of routes) {
    const reads: Middleware[] = route.body ? [within(patience, json as Middleware)] : [];
    router.register(route.path, [route.method], [
      guard(authenticate, ownOrigin, route),
      ...reads,
      handler(route),
    ] as never);
  }
  return router;
}

/** Milliseconds that a caller has to send a body: anybody may begin one, and connections are not without end. */
const patience = 60_000;

/** Cuts off whoever takes too long to be read. */
export function within(limit: number, read: Middleware): Middleware {
  return async (ctx, next) => {
    const late = setTimeout(() => ctx.req.destroy(), limit);
    try {
      await read(ctx, () => {
        clearTimeout(late);
        return next();
      });
    } finally {
      clearTimeout(late);
    }
  };
}

function badBody(error: Error & { status?: number }): never {
  if (error.status === 413) throw new HttpError('TOO_LARGE', 'The request is longer than 1 MB.');
  throw new HttpError('INVALID', 'The request is not JSON.');
}

function guard(authenticate: Authenticate, ownOrigin: () => string, route: Route) {
  return async (ctx: RouterContext, next: () => Promise<void>): Promise<void> => {
    const who = await authenticate(ctx);
    refuseForgery(ctx, who, ownOrigin());
    ctx.state.who = admitted(route, who);
    await next();
  };
}

/** @throws FORGED for a write that another site may have made a browser send */
export function refuseForgery(ctx: Context, who: Authenticated | undefined, ownOrigin: string): void {
  const header = (name: string): string | undefined => ctx.get(name) || undefined;
  const forged = forgery({
    method: ctx.method,
    origin: header('Origin'),
    fetchSite: header('Sec-Fetch-Site'),
    fetchMode: header('Sec-Fetch-Mode'),
    token: header('X-CSRF-Token'),
    sessionToken: who?.session?.csrf,
    isBearer: who?.token !== undefined,
    ownOrigin,
  });
  if (forged !== undefined) throw new HttpError('FORGED', `The request was refused. ${forged}`);
}

/** Whether this caller may call this route at all. */
function admitted(route: Route, who: Authenticated | undefined): Authenticated | undefined {
  if (route.audience === 'anyone') return who;
  if (!who) throw new HttpError('UNAUTHENTICATED', 'Log in first.');
  if (route.audience === 'admin' && !hasRole(who.viewer, 'admin')) {
    throw new HttpError('DENIED', 'This is for administrators.');
  }
  if (route.method !== 'GET' && !route.isRead) refuseReader(who);
  return who;
}

/** @throws DENIED for a write with a token that may only read */
export function refuseReader({ token }: Authenticated): void {
  if (token?.scope === 'read') throw new HttpError('DENIED', 'This token may only read.');
}

function handler(route: Route) {
  return async (ctx: RouterContext): Promise<void> => {
    const result = await route.handle(checked(ctx, route) as Request<never, never, never>);
    if (result instanceof Readable) {
      ctx.body = result;
      return;
    }
    if (ctx.body !== undefined || ctx.status === 416) return;
    ctx.set('Cache-Control', 'no-store');
    ctx.status = route.status;
    ctx.body = route.answer ? result : null;
  };
}

function checked(ctx: RouterContext, route: Route): Request<unknown, unknown, unknown> {
  const params: unknown = route.params ? validate(route.params, { ...ctx.params }, 'text') : undefined;
  const query: unknown = route.query ? validate(route.query, withBooleans(route.query, ctx.query), 'text') : undefined;
  const body: unknown = route.body ? validate(route.body, bodyOf(ctx)) : undefined;
  const who = ctx.state.who as Authenticated | undefined;
  return { viewer: who?.viewer as Viewer, params, query, body, signal: leaving(ctx), koa: ctx };
}

/** People write `?follow=1`. */
function withBooleans({ properties }: TObject, query: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const words: Readonly<Record<string, string>> = { 1: 'true', 0: 'false', '': 'true' };
  const isFlag = (name: string): boolean => (properties[name] as { type?: unknown } | undefined)?.type === 'boolean';
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, isFlag(name) ? (words[String(value)] ?? value) : value]),
  );
}

/** A body that isn't declared as JSON was never read: browsers send such bodies across sites without asking. */
function bodyOf(ctx: RouterContext): unknown {
  const { body, rawBody } = ctx.request as { body?: unknown; rawBody?: string };
  // The parser reads a body without a byte as an empty object.
  if (ctx.is('json') === false || body === undefined || !rawBody) {
    throw new HttpError('INVALID', 'The request needs a JSON body (Content-Type: application/json).');
  }
  return body;
}

/** Aborted when the caller leaves before the answer is complete. */
export function leaving(ctx: Context): AbortSignal {
  const gone = new AbortController();
  // Whoever left while their proof was looked up is not told of again.
  if (ctx.res.destroyed) gone.abort();
  ctx.res.once('close', () => !ctx.res.writableFinished && gone.abort());
  return gone.signal;
}
