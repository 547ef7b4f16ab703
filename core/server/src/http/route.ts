import type { Readable } from 'node:stream';
import type { Context } from 'koa';
import type { Static, TObject, TSchema } from 'typebox';
import type { Viewer } from '../accounts/index.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Who may call a route at all; what they may do with an object is the decision function's matter. */
export type Audience = 'anyone' | 'user' | 'admin';

/** What a handler gets: everything checked by the route's schemas. */
export interface Request<P, Q, B> {
  readonly viewer: Viewer;
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Aborted when the caller leaves. */
  readonly signal: AbortSignal;
  /** For streams and cookies. */
  readonly koa: Context;
}

/** An answer that the handler writes by itself. */
export interface Media {
  /** E.g. `text/plain`; of files, the most general. */
  readonly type: string;
  readonly statuses: readonly [number, ...number[]];
}

/** A route as data: what validates it also documents it. */
export interface Route {
  readonly method: Method;
  /** Below `/api/v1`, with `:name` parameters. */
  readonly path: string;
  readonly summary: string;
  readonly audience: Audience;
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TSchema;
  /** The body is a byte stream of any length; the handler reads it from `koa.req`. */
  readonly rawBody?: boolean;
  /** Reads, although its method writes: `preview`, `check`. A read token may call it. */
  readonly isRead?: boolean;
  readonly answer?: TSchema;
  /** What it answers where that is no JSON of a schema. */
  readonly media?: Media;
  readonly status: number;
  readonly handle: (request: Request<never, never, never>) => Promise<unknown>;
}

type Shape<S> = S extends TSchema ? Static<S> : undefined;

interface TypedRoute<P, Q, B, A> extends Omit<Route, 'params' | 'query' | 'body' | 'answer' | 'status' | 'handle'> {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer?: A;
  /** Default: 200 with an answer, the first of its media's, else 204. */
  readonly status?: number;
  readonly handle: (
    request: Request<Shape<P>, Shape<Q>, Shape<B>>,
  ) => Promise<A extends TSchema ? Static<A> | Readable : unknown>;
}

/** Gives a route its types. */
export function route<
  P extends TObject | undefined = undefined,
  Q extends TObject | undefined = undefined,
  B extends TSchema | undefined = undefined,
  A extends TSchema | undefined = undefined,
>(typed: TypedRoute<P, Q, B, A>): Route {
  const status = typed.answer === undefined ? (typed.media?.statuses[0] ?? 204) : 200;
  return { status, ...typed } as unknown as Route;
}
