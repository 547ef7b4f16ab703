import { Id, ListOf, NewSoftware, Software, SoftwarePatch, Strict } from '@stele/sdk/api';
import { ownerOf, type Database, type Software as SoftwareRow } from '../../model/index.ts';
import { readOwnerNames } from '../../owned/index.ts';
import type { Softwares } from '../../software/index.ts';
import type { Viewer } from '../../accounts/index.ts';
import { type Route, route } from '../route.ts';

const params = Strict({ id: Id });

export function softwareRoutes(softwares: Softwares, database: Database): Route[] {
  const views = async (viewer: Viewer, rows: readonly SoftwareRow[]): Promise<Software[]> => {
    const names = await readOwnerNames(database, rows.map(ownerOf));
    return rows.map((row) => softwares.view(viewer, row, names));
  };
  const view = async (viewer: Viewer, row: SoftwareRow): Promise<Software> =>
    (await views(viewer, [row]))[0] as Software;
  return [
    route({
      method: 'GET',
      path: '/software',
      summary: 'What may be run',
      audience: 'user',
      answer: ListOf(Software),
      handle: async ({ viewer }) => ({ items: await views(viewer, await softwares.store.list(viewer)) }),
    }),
    route({
      method: 'POST',
      path: '/software',
      summary: 'Adds a software',
      audience: 'user',
      body: NewSoftware,
      answer: Software,
      status: 201,
      handle: async ({ viewer, body }) => view(viewer, await softwares.create(viewer, body)),
    }),
    route({
      method: 'GET',
      path: '/software/:id',
      summary: 'One software',
      audience: 'user',
      params,
      answer: Software,
      handle: async ({ viewer, params }) => view(viewer, await softwares.store.get(viewer, params.id, 'see')),
    }),
    route({
      method: 'PATCH',
      path: '/software/:id',
      summary: 'Changes a software',
      audience: 'user',
      params,
      body: SoftwarePatch,
      answer: Software,
      handle: async ({ viewer, params, body }) => view(viewer, await softwares.update(viewer, params.id, body)),
    }),
    route({
      method: 'POST',
      path: '/software/:id/duplicate',
      summary: 'Makes a copy of one’s own',
      audience: 'user',
      params,
      answer: Software,
      status: 201,
      handle: async ({ viewer, params }) => view(viewer, await softwares.duplicate(viewer, params.id)),
    }),
    route({
      method: 'DELETE',
      path: '/software/:id',
      summary: 'Removes a software; its tasks stay',
      audience: 'user',
      params,
      handle: async ({ viewer, params }) => softwares.store.remove(viewer, params.id),
    }),
  ];
}
