import { randomBytes } from 'node:crypto';
import type { AuthProvider, JsonObject, Logger } from '@stele/sdk';
import type { Elsewhere } from '@stele/sdk/api';
import type { Context } from 'koa';
import type { Arrival, LogInOrigin, ProviderChoice } from '../../accounts/index.ts';
import type { Authenticated } from '../api.ts';
import { HttpError } from '../problem.ts';
import { readBrowserCookie, setBrowserCookie } from '../session-cookie.ts';
import type { PeopleParts } from './me-view.ts';

/** What log-in needs beside {@link PeopleParts}. */
export interface SessionParts extends PeopleParts {
  readonly log: Logger;
  /** Address of the client, through declared proxies. */
  readonly addressOf: (koa: Context) => string;
  /** Where a provider sends the browser back to: a page of ours, which asks with what it came back with. */
  readonly callback: (provider: string) => string;
  /** Where the browser comes back to after a log-out at a provider. */
  readonly home: () => string;
}

/** The session that a request showed. */
export function currentSession(koa: Context): { readonly id: string; readonly user: string } | undefined {
  const who = koa.state.who as Authenticated | undefined;
  return who?.session && { id: who.session.id, user: who.viewer.id };
}

/**
 * The session that a request showed. Or a token that leaked would become a way in that stays when it is revoked.
 * @param refusal what a token is told
 */
export function demandSession(koa: Context, refusal: string): { readonly id: string; readonly user: string } {
  const session = currentSession(koa);
  if (session) return session;
  throw new HttpError('DENIED', refusal);
}

/** The provider that is named, or the only one of its kind. UNSUPPORTED for any other. */
export function chosen(
  { providers }: SessionParts,
  named: string | undefined,
  kind: AuthProvider['kind'],
): ProviderChoice {
  const all = providers.list().filter(({ item }) => item.kind === kind);
  const found = named === undefined && all.length === 1 ? all[0] : all.find(({ id }) => id === named);
  if (found) return { id: found.id, provider: found.item };
  throw new HttpError('UNSUPPORTED', 'There is no such way to log in.', { field: 'provider' });
}

/** Sends the browser to a provider; with a session, to link what it comes back with. */
export async function beginAt(
  parts: SessionParts,
  koa: Context,
  named: string,
  signal: AbortSignal,
  session?: { readonly id: string; readonly user: string },
): Promise<Elsewhere> {
  const choice = chosen(parts, named, 'redirect');
  const call = { signal, log: parts.log, callback: parts.callback(choice.id) };
  const browser = readBrowserCookie(koa) ?? randomBytes(32).toString('base64url');
  const origin = { address: parts.addressOf(koa), browser, session };
  const url = await parts.accounts.logIn.begin(choice, call, origin);
  setBrowserCookie(koa, browser);
  return { url };
}

/**
 * The browser is back, with an answer.
 * @throws ACCOUNT_EXISTS when its owner has to say that an account is theirs
 */
export async function arrive(
  parts: SessionParts,
  koa: Context,
  choice: ProviderChoice,
  answer: JsonObject,
  origin: LogInOrigin,
  signal: AbortSignal,
): Promise<Exclude<Arrival, { readonly kind: 'unlinked' }>> {
  const call = { signal, log: parts.log, callback: parts.callback(choice.id) };
  const from = { ...origin, browser: readBrowserCookie(koa) ?? '', session: currentSession(koa) };
  const arrival = await parts.accounts.logIn.arrive(choice, answer, call, from);
  if (arrival.kind !== 'unlinked') return arrival;
  throw new HttpError(
    'ACCOUNT_EXISTS',
    `There is an account with the address ${arrival.email} here. Log in to it, and it is linked with “${choice.provider.title}”.`,
  );
}
