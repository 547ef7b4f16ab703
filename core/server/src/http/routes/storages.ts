import { Id, ListOf, NewStorage, Storage, StoragePatch, Strict } from '@stele/sdk/api';
import type { Viewer } from '../../accounts/index.ts';
import { type Database, ownerOf, type Storage as StorageRow } from '../../model/index.ts';
import { readOwnerNames } from '../../owned/index.ts';
import type { Storages } from '../../storage/index.ts';
import { type Route, route } from '../route.ts';

const params = Strict({ id: Id });

export function storageRoutes(storages: Storages, database: Database): Route[] {
  const views = async (viewer: Viewer, rows: readonly StorageRow[]): Promise<Storage[]> => {
    const names = await readOwnerNames(database, rows.map(ownerOf));
    return rows.map((row) => storages.view(viewer, row, names));
  };
  const view = async (viewer: Viewer, row: StorageRow): Promise<Storage> => (await views(viewer, [row]))[0] as Storage;
  return [
    route({
      method: 'GET',
      path: '/storages',
      summary: 'File trees to browse',
      audience: 'user',
      answer: ListOf(Storage),
      handle: async ({ viewer }) => ({ items: await views(viewer, await storages.store.list(viewer)) }),
    }),
    route({
      method: 'POST',
      path: '/storages',
      summary: 'Adds a storage',
      audience: 'user',
      body: NewStorage,
      answer: Storage,
      status: 201,
      handle: async ({ viewer, body }) => view(viewer, await storages.create(viewer, body)),
    }),
    route({
      method: 'GET',
      path: '/storages/:id',
      summary: 'One storage',
      audience: 'user',
      params,
      answer: Storage,
      handle: async ({ viewer, params }) => view(viewer, await storages.store.get(viewer, params.id, 'see')),
    }),
    route({
      method: 'PATCH',
      path: '/storages/:id',
      summary: 'Changes a storage',
      audience: 'user',
      params,
      body: StoragePatch,
      answer: Storage,
      handle: async ({ viewer, params, body }) => view(viewer, await storages.update(viewer, params.id, body)),
    }),
    route({
      method: 'DELETE',
      path: '/storages/:id',
      summary: 'Removes a storage; its files stay',
      audience: 'user',
      params,
      handle: async ({ viewer, params }) => storages.store.remove(viewer, params.id),
    }),
  ];
}
