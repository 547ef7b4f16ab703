import { CredentialChange, ListOf, OwnCredentialItem } from '@stele/sdk/api';
import type { JsonObject } from '@stele/sdk';
import type { OwnCredentials } from '../../remote/index.ts';
import { type Route, route } from '../route.ts';
import { idParams } from './owned.ts';

export function credentialRoutes(credentials: OwnCredentials): Route[] {
  const one = { path: '/credentials/:id', audience: 'user', params: idParams } as const;
  return [
    route({
      ...{ method: 'GET', path: '/credentials', audience: 'user' },
      summary: 'What one has to prove oneself with on each resource that is used with credentials of its users',
      answer: ListOf(OwnCredentialItem),
      handle: async ({ viewer }) => ({ items: await credentials.list(viewer) }),
    }),
    route({
      ...{
        ...one,
        method: 'PUT',
        summary: 'Sets one’s credentials for a resource; what is secret and not named stays',
      },
      body: CredentialChange,
      answer: OwnCredentialItem,
      handle: async ({ viewer, params, body }) => credentials.put(viewer, params.id, body.values as JsonObject),
    }),
    route({
      ...{ ...one, method: 'DELETE', summary: 'Forgets one’s credentials for a resource' },
      handle: async ({ viewer, params }) => credentials.remove(viewer, params.id),
    }),
  ];
}
