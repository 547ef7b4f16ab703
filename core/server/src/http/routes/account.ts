import {
  ApiTokenCreated,
  ApiTokenItem,
  ListOf,
  Me,
  MePatch,
  NewApiToken,
  PasswordChange,
  SessionInfo,
  SessionItem,
} from '@stele/sdk/api';
import { type Call, hasCode } from '@stele/sdk';
import type { Context } from 'koa';
import type { Viewer } from '../../accounts/index.ts';
import type { ApiToken, Session } from '../../model/index.ts';
import { HttpError } from '../problem.ts';
import { type Route, route } from '../route.ts';
import { setSessionCookie } from '../session-cookie.ts';
import { meView } from './me-view.ts';
import { idParams } from './owned.ts';
import { currentSession as sessionOf, demandSession, type SessionParts } from './redirects.ts';
import { type SecretKeeper, secretKeeper, setSecret, userWith } from './secret-keeper.ts';
import { limited } from './session.ts';

export function accountRoutes(parts: SessionParts): Route[] {
  return [...meRoutes(parts), ...sessionListRoutes(parts), ...tokenRoutes(parts)];
}

function meRoutes(parts: SessionParts): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/me', summary: 'Oneself', audience: 'user' },
      answer: Me,
      handle: async ({ viewer, signal }) => meView(parts, viewer, signal),
    }),
    route({
      ...{ method: 'PATCH', path: '/me', summary: 'Changes name, time zone, language', audience: 'user' },
      body: MePatch,
      answer: Me,
      handle: async ({ viewer, body, signal }) => {
        await parts.accounts.users.changeSelf(viewer.id, body);
        return meView(parts, viewer, signal);
      },
    }),
    route({
      ...{ method: 'PUT', path: '/me/password', audience: 'user' },
      summary:
        'Sets or changes one’s password; log-in links and every other session end, and one’s API tokens if one says so',
      body: PasswordChange,
      answer: SessionInfo,
      handle: async ({ viewer, body, koa, signal }) => changePassword(parts, koa, viewer, body, signal),
    }),
  ];
}

async function changePassword(
  parts: SessionParts,
  koa: Context,
  viewer: Viewer,
  { current, password, endTokens }: PasswordChange,
  signal: AbortSignal,
): Promise<SessionInfo> {
  demandSession(koa, 'A token can’t set a password: log in to do so.');
  const user = await userWith(parts, viewer.id);
  const keeper = await secretKeeper(parts, user);
  if (!keeper) throw new HttpError('UNSUPPORTED', 'Your account has no password here: log in another way.');
  const call = parts.call(viewer, signal);
  if (await keeper.credentials.has(keeper.subject, call)) await proveCurrent(parts, koa, keeper, current, call);
  await setSecret(parts, user, keeper, { password }, call);
  const { links, sessions, tokens } = parts.accounts;
  await links.endAll(viewer.id);
  await sessions.endAll(viewer.id);
  if (endTokens) await tokens.revokeAll(viewer.id);
  const session = await sessions.begin(viewer.id, { userAgent: koa.get('User-Agent'), address: parts.addressOf(koa) });
  setSessionCookie(koa, session.token, session.expiresAt);
  return { user: await meView(parts, viewer, signal), csrf: session.csrf };
}

/** Whoever finds an open browser can't take the account over. */
async function proveCurrent(
  { accounts, addressOf }: SessionParts,
  koa: Context,
  { id, credentials, subject }: SecretKeeper,
  current: string | undefined,
  call: Call,
): Promise<void> {
  if (current === undefined) {
    throw new HttpError('INVALID', 'Type the password that you have now.', { field: 'current' });
  }
  const isRight = (): Promise<boolean> => credentials.proves(subject, { password: current }, call);
  const proof = accounts.logIn.prove(id, subject, isRight, { address: addressOf(koa) });
  await limited(proof).catch((cause: unknown) => {
    if (!hasCode(cause, 'DENIED')) throw cause;
    throw Object.assign(new HttpError('INVALID', 'This is not your password.', { field: 'current' }), { cause });
  });
}

function sessionListRoutes({ accounts }: SessionParts): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/sessions', summary: 'Where one is logged in', audience: 'user' },
      answer: ListOf(SessionItem),
      handle: async ({ viewer, koa }) => {
        const current = currentSession(koa);
        return { items: (await accounts.sessions.list(viewer.id)).map((row) => sessionView(row, current)) };
      },
    }),
    route({
      ...{ method: 'DELETE', path: '/sessions/:id', summary: 'Ends one of one’s sessions', audience: 'user' },
      params: idParams,
      handle: async ({ viewer, params }) => accounts.sessions.end(viewer.id, params.id),
    }),
  ];
}

const currentSession = (koa: Context): string | undefined => sessionOf(koa)?.id;

function sessionView(row: Session, current: string | undefined): SessionItem {
  return {
    id: row.id,
    current: row.id === current,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    ...(row.userAgent ? { userAgent: row.userAgent } : {}),
    ...(row.address ? { address: row.address } : {}),
  };
}

function tokenRoutes({ accounts }: SessionParts): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/tokens', summary: 'One’s API tokens', audience: 'user' },
      answer: ListOf(ApiTokenItem),
      handle: async ({ viewer }) => ({ items: (await accounts.tokens.list(viewer.id)).map(tokenView) }),
    }),
    route({
      ...{
        method: 'POST',
        path: '/tokens',
        summary: 'Makes an API token; its secret is shown this once',
        audience: 'user',
      },
      body: NewApiToken,
      answer: ApiTokenCreated,
      status: 201,
      handle: async ({ viewer, body, koa }) => {
        demandSession(koa, 'A token can’t make tokens: log in to make one.');
        const { token, secret } = await accounts.tokens.create(viewer.id, body);
        return { token: tokenView(token), secret };
      },
    }),
    route({
      ...{ method: 'DELETE', path: '/tokens/:id', summary: 'Revokes an API token', audience: 'user' },
      params: idParams,
      handle: async ({ viewer, params }) => {
        await accounts.tokens.revoke(viewer.id, params.id);
        await endTokenSession(accounts, viewer.id, params.id);
      },
    }),
  ];
}

/** What the session is called in which a token has opened tasks. */
export const tokenSessionName = (tokenId: string): string => `API token ${tokenId}`;

async function endTokenSession({ sessions }: SessionParts['accounts'], userId: string, tokenId: string): Promise<void> {
  const rows = await sessions.list(userId);
  for (const row of rows) if (row.userAgent === tokenSessionName(tokenId)) await sessions.end(userId, row.id);
}

function tokenView(row: ApiToken): ApiTokenItem {
  return {
    id: row.id,
    name: row.name,
    prefix: row.prefix,
    scope: row.scope,
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
    ...(row.lastUsedAt ? { lastUsedAt: row.lastUsedAt.toISOString() } : {}),
  };
}
