import { ListOf, NewRegistry, RegistryItem, RegistryPatch } from '@stele/sdk/api';
import type { Database } from '../../model/index.ts';
import type { Registries } from '../../registries/index.ts';
import { type Route, route } from '../route.ts';
import { idParams, viewsOf } from './owned.ts';

export function registryRoutes(registries: Registries, database: Database): Route[] {
  const views = viewsOf(registries, database);
  const one = { path: '/registries/:id', audience: 'user', params: idParams } as const;
  return [
    route({
      ...{ method: 'GET', path: '/registries', audience: 'user' },
      summary: 'Credentials for registries: one’s own, and those of the platform and one’s groups. Without passwords',
      answer: ListOf(RegistryItem),
      handle: async ({ viewer }) => ({ items: await views(viewer, await registries.list(viewer)) }),
    }),
    route({
      ...{ method: 'POST', path: '/registries', audience: 'user', status: 201 },
      summary: 'Enters credentials for a registry, with which its images are fetched',
      body: NewRegistry,
      answer: RegistryItem,
      handle: async ({ viewer, body }) =>
        (await views(viewer, [await registries.create(viewer, body)])).at(0) as RegistryItem,
    }),
    route({
      ...{ ...one, method: 'PATCH', summary: 'Replaces credentials for a registry; what isn’t named stays' },
      body: RegistryPatch,
      answer: RegistryItem,
      handle: async ({ viewer, params, body }) =>
        (await views(viewer, [await registries.update(viewer, params.id, body)])).at(0) as RegistryItem,
    }),
    route({
      ...{ ...one, method: 'DELETE', summary: 'Forgets credentials for a registry' },
      handle: async ({ viewer, params }) => registries.remove(viewer, params.id),
    }),
  ];
}
