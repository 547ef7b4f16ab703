import { Elsewhere, IdentityItem, ListOf, NewIdentity } from '@stele/sdk/api';
import type { Context } from 'koa';
import type { ExternalIdentity } from '../../model/index.ts';
import { type Route, route } from '../route.ts';
import { readBrowserCookie } from '../session-cookie.ts';
import { idParams } from './owned.ts';
import { beginAt, demandSession, type SessionParts } from './redirects.ts';
import { limited } from './session.ts';

/** The providers that know somebody, and how one more comes to. */
export function identityRoutes(parts: SessionParts): Route[] {
  const { identities, linking, sessions } = parts.accounts;
  return [
    route({
      ...{ method: 'GET', path: '/me/identities', summary: 'Providers that know one', audience: 'user' },
      answer: ListOf(IdentityItem),
      handle: async ({ viewer }) => itemsOf(parts, viewer.id),
    }),
    route({
      ...{ method: 'POST', path: '/me/identities', audience: 'user' },
      summary: 'Begins to link a provider to one’s account; the browser comes back to the page with its answer',
      body: NewIdentity,
      answer: Elsewhere,
      handle: async ({ body, koa, signal }) => limited(beginAt(parts, koa, body.provider, signal, inPerson(koa))),
    }),
    route({
      ...{ method: 'POST', path: '/me/identities/confirm', audience: 'user' },
      summary: 'Links the identity that was proved in this browser, whose e-mail address is one’s own',
      answer: ListOf(IdentityItem),
      handle: async ({ viewer, koa }) => {
        await linking.confirm(readBrowserCookie(koa) ?? '', inPerson(koa).user);
        return itemsOf(parts, viewer.id);
      },
    }),
    route({
      ...{
        method: 'DELETE',
        path: '/me/identities/:id',
        summary: 'Lets go of a provider that was linked; sessions that began there end',
        audience: 'user',
      },
      params: idParams,
      handle: async ({ params, koa }) => {
        const { user } = inPerson(koa);
        await sessions.endOf(user, await identities.unlink(user, params.id));
      },
    }),
  ];
}

const inPerson = (koa: Context): { readonly id: string; readonly user: string } =>
  demandSession(koa, 'A token can’t change how you log in: log in to do so.');

async function itemsOf({ accounts, providers }: SessionParts, userId: string): Promise<{ items: IdentityItem[] }> {
  const titleOf = (id: string): string => providers.get(id)?.title ?? id;
  const view = ({ id, provider, isLinked, createdAt }: ExternalIdentity): IdentityItem => {
    return { id, provider, title: titleOf(provider), isLinked, createdAt: createdAt.toISOString() };
  };
  return { items: (await accounts.identities.list(userId)).map(view) };
}
