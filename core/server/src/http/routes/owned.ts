import { Id, ListOf, Strict } from '@stele/sdk/api';
import type { Static, TSchema } from 'typebox';
import type { Viewer } from '../../accounts/index.ts';
import { type Database, type OwnerColumns, ownerOf } from '../../model/index.ts';
import { type OwnedEntity, type OwnedStore, type OwnerNames, readOwnerNames } from '../../owned/index.ts';
import { type Route, route } from '../route.ts';

export const idParams = Strict({ id: Id });

/** A concern that keeps objects with an owner. */
export interface OwnedConcern<Row extends OwnedEntity, View, New, Patch> {
  readonly store: OwnedStore<Row>;
  create(viewer: Viewer, input: New): Promise<Row>;
  update(viewer: Viewer, id: string, patch: Patch): Promise<Row>;
  remove(viewer: Viewer, id: string): Promise<void>;
  view(viewer: Viewer, row: Row, names: OwnerNames): View;
}

interface Words<V, N, P> {
  /** Below the API, e.g. `/software`. */
  readonly path: string;
  /** With its article, e.g. `a software`. */
  readonly one: string;
  readonly schemas: { readonly view: V; readonly create: N; readonly patch: P };
}

/** Shows rows as the viewer sees them, reading all owners' names at once. */
export function viewsOf<Row extends OwnerColumns, View>(
  concern: { view(viewer: Viewer, row: Row, names: OwnerNames): View },
  database: Database,
): (viewer: Viewer, rows: readonly Row[]) => Promise<View[]> {
  return async (viewer, rows) => {
    const names = await readOwnerNames(database, rows.map(ownerOf));
    return rows.map((row) => concern.view(viewer, row, names));
  };
}

/** List, make, read, change, remove: the same for everything that has an owner. */
export function ownedRoutes<Row extends OwnedEntity, V extends TSchema, N extends TSchema, P extends TSchema>(
  { path, one, schemas }: Words<V, N, P>,
  concern: OwnedConcern<Row, Static<V>, Static<N>, Static<P>>,
  database: Database,
): Route[] {
  const views = viewsOf(concern, database);
  const view = async (viewer: Viewer, row: Row): Promise<Static<V>> => (await views(viewer, [row])).at(0) as Static<V>;
  const shared = { audience: 'user', answer: schemas.view as TSchema } as const;
  const single = { ...shared, path: `${path}/:id`, params: idParams };
  return [
    route({
      ...{ method: 'GET', path, summary: `Every one of what you may see`, audience: 'user' },
      answer: ListOf(schemas.view as TSchema),
      handle: async ({ viewer }) => ({ items: await views(viewer, await concern.store.list(viewer)) }),
    }),
    route({
      ...{ ...shared, method: 'POST', path, summary: `Adds ${one}`, status: 201 },
      body: schemas.create as TSchema,
      handle: async ({ viewer, body }) => view(viewer, await concern.create(viewer, body as Static<N>)),
    }),
    route({
      ...{ ...single, method: 'GET', summary: `Reads ${one}` },
      handle: async ({ viewer, params }) => view(viewer, await concern.store.get(viewer, params.id, 'see')),
    }),
    route({
      ...{ ...single, method: 'PATCH', summary: `Changes ${one}` },
      body: schemas.patch as TSchema,
      handle: async ({ viewer, params, body }) =>
        view(viewer, await concern.update(viewer, params.id, body as Static<P>)),
    }),
    route({
      ...{ method: 'DELETE', path: `${path}/:id`, params: idParams, audience: 'user', summary: `Removes ${one}` },
      handle: async ({ viewer, params }) => concern.remove(viewer, params.id),
    }),
  ];
}
