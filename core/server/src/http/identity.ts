import type { Accounts } from '../accounts/index.ts';
import type { Authenticate } from './api.ts';
import { HttpError } from './problem.ts';
import { clearSessionCookie, readSessionCookie } from './session-cookie.ts';

const bearer = /^Bearer ([A-Za-z0-9_.~+/=-]{1,500})$/;

/** By bearer token where one is sent, else by session cookie. A token that is not valid is refused, never passed over. */
export function authenticator(accounts: Pick<Accounts, 'sessions' | 'tokens'>): Authenticate {
  return async (ctx) => {
    const authorization = ctx.get('Authorization');
    if (authorization !== '') return byToken(accounts, authorization);
    const cookie = readSessionCookie(ctx);
    if (cookie === undefined) return undefined;
    const session = await accounts.sessions.prove(cookie);
    if (!session) {
      clearSessionCookie(ctx);
      return undefined;
    }
    return { viewer: session.viewer, session: { id: session.id, csrf: session.csrf } };
  };
}

async function byToken({ tokens }: Pick<Accounts, 'tokens'>, authorization: string) {
  const [, secret] = bearer.exec(authorization) ?? [];
  const token = secret === undefined ? undefined : await tokens.prove(secret);
  if (token) {
    const { viewer, id, scope, expiresAt } = token;
    return { viewer, token: { id, scope, expiresAt } };
  }
  throw new HttpError('UNAUTHENTICATED', 'This token is not valid, has expired or was revoked.', {
    headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
  });
}
