import { NewStorage, Storage, StoragePatch } from '@stele/sdk/api';
import type { Database } from '../../model/index.ts';
import type { Storages } from '../../storage/index.ts';
import type { Route } from '../route.ts';
import { ownedRoutes } from './owned.ts';

const words = {
  path: '/storages',
  one: 'a storage',
  schemas: { view: Storage, create: NewStorage, patch: StoragePatch },
};

export function storageRoutes(storages: Storages, database: Database): Route[] {
  return ownedRoutes(words, storages, database);
}
