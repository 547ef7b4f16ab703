import { type Accounts, findViewer } from '../accounts/index.ts';
import type { Authenticated, ListenerOf } from '../http/index.ts';
import type { Database } from '../model/index.ts';

/** Follows the rights of somebody who listens: their stream ends with their session or token, and hears by their rights as they are now. */
export function listenerOf(accounts: Accounts, database: Database): ListenerOf {
  return (koa, viewer, leaving) => {
    let now = viewer;
    const over = new AbortController();
    const { session, token } = koa.state.who as Authenticated;
    const ended = accounts.news.on('session-ended', (news) => news.session === session?.id && over.abort());
    const revoked = accounts.news.on('token-revoked', (news) => news.token === token?.id && over.abort());
    const changed = accounts.news.on('user-changed', ({ user }) => {
      if (user !== viewer.id) return;
      findViewer(database, user).then(
        (fresh) => (fresh ? (now = fresh) : over.abort()),
        () => over.abort(),
      );
    });
    const expiry = token && within(token.expiresAt, () => over.abort());
    // Whoever comes back is asked anew who they are.
    const missed = accounts.news.on('missed', () => over.abort());
    const leave = (): void => {
      clearTimeout(expiry);
      missed[Symbol.dispose]();
      ended[Symbol.dispose]();
      revoked[Symbol.dispose]();
      changed[Symbol.dispose]();
    };
    koa.res.once('close', leave);
    if (koa.res.destroyed) leave();
    return { viewer: () => now, signal: AbortSignal.any([leaving, over.signal]) };
  };
}

/** Milliseconds that a timer can wait, 25 days: nobody listens for longer without coming back. */
const longestWait = 2 ** 31 - 1;

/** Nobody tells of a token that expires. */
function within(time: Date, then: () => void): NodeJS.Timeout {
  return setTimeout(then, Math.min(Math.max(0, time.getTime() - Date.now()), longestWait)).unref();
}
