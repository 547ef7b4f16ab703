import { type AuthProvider, hasCode, type JsonObject, type Logger } from '@stele/sdk';
import { AuthOption, ListOf, LogIn, SessionInfo } from '@stele/sdk/api';
import type { Context } from 'koa';
import type { NewSession } from '../../accounts/index.ts';
import { HttpError } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from '../session-cookie.ts';
import { meView, type PeopleParts } from './me-view.ts';

/** What log-in needs beside {@link PeopleParts}. */
export interface SessionParts extends PeopleParts {
  readonly log: Logger;
  /** Address of the client, through declared proxies. */
  readonly addressOf: (koa: Context) => string;
  /** Where providers send the browser back to. */
  readonly callback: (provider: string) => string;
}

export function sessionRoutes(parts: SessionParts): Route[] {
  return [
    route({
      method: 'GET',
      path: '/auth',
      summary: 'Ways to log in',
      audience: 'anyone',
      answer: ListOf(AuthOption),
      handle: async () => ({ items: parts.providers.list().map(({ id, item }) => option(id, item)) }),
    }),
    route({
      method: 'POST',
      path: '/session',
      summary: 'Logs in, by a form or by a one-time link',
      audience: 'anyone',
      body: LogIn,
      answer: SessionInfo,
      handle: async ({ body, koa, signal }) => {
        const session = await limited(logIn(parts, koa, body as JsonObject, signal));
        setSessionCookie(koa, session.token, session.expiresAt);
        return info(parts, session.token, signal);
      },
    }),
    route({
      method: 'GET',
      path: '/session',
      summary: 'Who is logged in',
      audience: 'user',
      answer: SessionInfo,
      handle: async ({ viewer, koa, signal }) => {
        const { session } = koa.state.who as { session?: { csrf: string } };
        return { user: await meView(parts, viewer, signal), csrf: session?.csrf ?? '' };
      },
    }),
    route({
      method: 'DELETE',
      path: '/session',
      summary: 'Logs out',
      audience: 'anyone',
      handle: async ({ koa }) => {
        const token = readSessionCookie(koa);
        if (token !== undefined) await parts.accounts.sessions.endByToken(token);
        clearSessionCookie(koa);
      },
    }),
  ];
}

function option(id: string, { title, kind, fields }: AuthProvider): AuthOption {
  return { id, title, kind, ...(fields ? { fields: { ...fields } } : {}) };
}

async function logIn(parts: SessionParts, koa: Context, body: JsonObject, signal: AbortSignal): Promise<NewSession> {
  const { accounts, providers, log } = parts;
  const origin = {
    address: parts.addressOf(koa),
    userAgent: koa.get('User-Agent'),
    previous: readSessionCookie(koa),
  };
  if (typeof body.link === 'string') return accounts.logIn.byLink(body.link, origin);
  const { provider: named, ...input } = body;
  const id = typeof named === 'string' ? named : 'local';
  const provider = providers.get(id);
  if (provider?.kind !== 'form') {
    throw new HttpError('UNSUPPORTED', 'There is no such way to log in.', { field: 'provider' });
  }
  // Whoever keeps secrets itself brings nobody new: its users are made here first.
  const choice = { id, provider, mayCreate: provider.credentials === undefined };
  const call = { signal, log, callback: parts.callback(id) };
  return accounts.logIn.byProvider(choice, input as JsonObject, {}, call, origin);
}

/** Too many attempts are the caller's pace, not a full disk. */
async function limited<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'LIMIT')) throw new HttpError('RATE_LIMIT', error.message, { headers: { 'Retry-After': '60' } });
    throw error;
  }
}

async function info(parts: SessionParts, token: string, signal: AbortSignal): Promise<SessionInfo> {
  const proven = await parts.accounts.sessions.prove(token);
  if (!proven) throw new HttpError('UNAUTHENTICATED', 'The session has ended already.');
  return { user: await meView(parts, proven.viewer, signal), csrf: proven.csrf };
}
