import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import type { Context } from 'koa';
import { AccountNews, type Accounts, type Viewer } from '../accounts/index.ts';
import type { Database } from '../model/index.ts';
import { listenerOf } from './listeners.ts';

const viewer: Viewer = { id: 'u', username: 'u', role: 'standard', groups: [] };

describe('a listener by a token', () => {
  const listen = (expiresAt: Date) => {
    const news = new AccountNews();
    const res = Object.assign(new EventEmitter(), { destroyed: false });
    const koa = { res, state: { who: { token: { id: 't', scope: 'read', expiresAt } } } } as unknown as Context;
    const leaving = new AbortController().signal;
    return { news, ...listenerOf({ news } as Accounts, {} as Database)(koa, viewer, leaving) };
  };

  it('hears no more when it expires', async () => {
    const { signal } = listen(new Date(Date.now() + 30));
    assert(!signal.aborted);
    await once(signal, 'abort', { signal: AbortSignal.timeout(1_000) });
  });

  it('hears no more when it is revoked, and not because another is', () => {
    const { news, signal } = listen(new Date(Date.now() + 3_600_000));
    news.tell('token-revoked', { token: 'other' });
    assert(!signal.aborted);
    news.tell('token-revoked', { token: 't' });
    assert(signal.aborted);
  });
});
