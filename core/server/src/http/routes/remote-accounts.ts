import type { Call } from '@stele/sdk';
import { ListOf, RemoteAccountChange, RemoteAccountItem } from '@stele/sdk/api';
import type { Viewer } from '../../accounts/index.ts';
import type { OwnAccounts } from '../../remote/index.ts';
import { type Route, route } from '../route.ts';
import { idParams } from './owned.ts';

/** A call in somebody's name that ends with the request, or when it takes too long. */
export type CallAs = (viewer: Viewer, signal: AbortSignal) => Call;

export function remoteAccountRoutes(accounts: OwnAccounts, callAs: CallAs): Route[] {
  const one = { audience: 'user', params: idParams, answer: RemoteAccountItem } as const;
  return [
    route({
      ...{ method: 'GET', path: '/accounts', audience: 'user' },
      summary: 'Who one is on each resource that is used with keys of its users, and what is missing',
      answer: ListOf(RemoteAccountItem),
      handle: async ({ viewer }) => ({ items: await accounts.list(viewer) }),
    }),
    route({
      ...{ ...one, method: 'PUT', path: '/accounts/:id', summary: 'Sets one’s user name on a resource' },
      body: RemoteAccountChange,
      handle: async ({ viewer, params, body }) => accounts.name(viewer, params.id, body.username),
    }),
    route({
      ...{ ...one, method: 'POST', path: '/accounts/:id/check', summary: 'Tries whether one gets in, now' },
      handle: async ({ viewer, params, signal }) => accounts.check(viewer, params.id, callAs(viewer, signal)),
    }),
  ];
}
