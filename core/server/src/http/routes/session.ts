import { type AuthProvider, hasCode, type Json, type JsonObject } from '@stele/sdk';
import { AuthOption, Elsewhere, ListOf, LoggedOut, LogIn, SessionInfo, Strict } from '@stele/sdk/api';
import type { Context } from 'koa';
import { Type } from 'typebox';
import type { LogInOrigin, NewSession } from '../../accounts/index.ts';
import { HttpError } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { clearSessionCookie, readSessionCookie, setSessionCookie } from '../session-cookie.ts';
import { meView } from './me-view.ts';
import { arrive, beginAt, chosen, type SessionParts } from './redirects.ts';

export function sessionRoutes(parts: SessionParts): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/auth', summary: 'Ways to log in', audience: 'anyone' },
      answer: ListOf(AuthOption),
      handle: async ({ signal }) => {
        const all = parts.providers.list().map(({ id, item }) => option(parts, id, item, signal));
        return { items: await Promise.all(all) };
      },
    }),
    route({
      ...{ method: 'POST', path: '/auth/:provider', audience: 'anyone' },
      summary: 'Begins a log-in at a provider; the browser comes back to the page with its answer',
      params: Strict({ provider: Type.String({ minLength: 1, maxLength: 64 }) }),
      answer: Elsewhere,
      handle: async ({ params: { provider }, koa, signal }) => {
        if (!parts.providers.get(provider)) throw new HttpError('NOT_FOUND', 'There is no such way to log in.');
        return limited(beginAt(parts, koa, provider, signal));
      },
    }),
    route({
      method: 'POST',
      path: '/session',
      summary: 'Logs in, by a form, by a provider’s answer or by a one-time link',
      audience: 'anyone',
      body: LogIn,
      answer: SessionInfo,
      handle: async ({ body, koa, signal }) => limited(logIn(parts, koa, body as JsonObject, signal)),
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
      answer: LoggedOut,
      handle: async ({ koa, signal }) => {
        const token = readSessionCookie(koa);
        clearSessionCookie(koa);
        return token === undefined ? {} : logOut(parts, token, signal);
      },
    }),
  ];
}

async function option(
  { log, callback }: SessionParts,
  id: string,
  provider: AuthProvider,
  signal: AbortSignal,
): Promise<AuthOption> {
  const { title, kind, fields } = provider;
  const trouble = await provider.trouble?.({ signal, log, callback: callback(id) });
  return {
    id,
    title,
    kind,
    ...(fields ? { fields: { ...fields } } : {}),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

async function logIn(parts: SessionParts, koa: Context, body: JsonObject, signal: AbortSignal): Promise<SessionInfo> {
  const origin = { address: parts.addressOf(koa), userAgent: koa.get('User-Agent'), previous: readSessionCookie(koa) };
  if (typeof body.link === 'string') {
    return begun(parts, koa, await parts.accounts.logIn.byLink(body.link, origin), signal);
  }
  const { provider, ...input } = body as JsonObject & { readonly provider?: string };
  const { answer } = input;
  // A text of that name is a form's own.
  if (!isObject(answer)) return byForm(parts, koa, provider, input as JsonObject, origin, signal);
  const choice = chosen(parts, provider, 'redirect');
  const arrival = await arrive(parts, koa, choice, answer, origin, signal);
  if (arrival.kind === 'session') return begun(parts, koa, arrival.session, signal);
  return { ...(await info(parts, origin.previous ?? '', signal)), linked: choice.id };
}

const isObject = (value: Json | undefined): value is JsonObject => typeof value === 'object' && value !== null;

async function byForm(
  parts: SessionParts,
  koa: Context,
  named: string | undefined,
  input: JsonObject,
  origin: LogInOrigin,
  signal: AbortSignal,
): Promise<SessionInfo> {
  const choice = chosen(parts, named, 'form');
  const call = { signal, log: parts.log, callback: parts.callback(choice.id) };
  return begun(parts, koa, await parts.accounts.logIn.byForm(choice, input, call, origin), signal);
}

async function logOut(parts: SessionParts, token: string, signal: AbortSignal): Promise<LoggedOut> {
  const { accounts, providers, log, home } = parts;
  const url = await accounts.logIn.logOut(token, (id) => {
    const provider = providers.get(id);
    return provider && { provider, call: { signal, log, callback: home() } };
  });
  return url === undefined ? {} : { url };
}

/** Too many attempts are the caller's pace, not a full disk. */
export async function limited<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error, 'LIMIT')) throw new HttpError('RATE_LIMIT', error.message, { headers: { 'Retry-After': '60' } });
    throw error;
  }
}

async function begun(
  parts: SessionParts,
  koa: Context,
  session: NewSession,
  signal: AbortSignal,
): Promise<SessionInfo> {
  setSessionCookie(koa, session.token, session.expiresAt);
  return info(parts, session.token, signal);
}

async function info(parts: SessionParts, token: string, signal: AbortSignal): Promise<SessionInfo> {
  const proven = await parts.accounts.sessions.prove(token);
  if (!proven) throw new HttpError('UNAUTHENTICATED', 'The session has ended already.');
  return { user: await meView(parts, proven.viewer, signal), csrf: proven.csrf };
}
