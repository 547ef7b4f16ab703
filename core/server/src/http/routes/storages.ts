import { CheckResult, NewStorage, Storage, StoragePatch } from '@stele/sdk/api';
import type { Database } from '../../model/index.ts';
import type { Storages } from '../../storage/index.ts';
import { type Route, route } from '../route.ts';
import { idParams, ownedRoutes } from './owned.ts';
import type { CallAs } from './remote-accounts.ts';

const words = {
  path: '/storages',
  one: 'a storage',
  schemas: { view: Storage, create: NewStorage, patch: StoragePatch },
};

export function storageRoutes(storages: Storages, database: Database, callAs: CallAs): Route[] {
  return [
    ...ownedRoutes(words, storages, database),
    route({
      ...{ method: 'POST', path: '/storages/:id/check', audience: 'user', isRead: true, params: idParams },
      summary: 'Looks whether the storage opens, for the caller, now',
      answer: CheckResult,
      handle: async ({ viewer, params, signal }) => storages.check(viewer, params.id, callAs(viewer, signal)),
    }),
  ];
}
