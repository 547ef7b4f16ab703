import {
  CheckResult,
  Computing,
  ComputingPatch,
  Id,
  LaunchOptions,
  ListOf,
  NewComputing,
  Strict,
} from '@stele/sdk/api';
import { Type } from 'typebox';
import type { Viewer } from '../../accounts/index.ts';
import type { Computings } from '../../computing/index.ts';
import { type Computing as ComputingRow, type Database, ownerOf } from '../../model/index.ts';
import { readOwnerNames } from '../../owned/index.ts';
import type { Launcher } from '../../tasks/index.ts';
import { type Route, route } from '../route.ts';

const params = Strict({ id: Id });

export function computingRoutes(computings: Computings, launcher: Launcher, database: Database): Route[] {
  const views = async (viewer: Viewer, rows: readonly ComputingRow[]): Promise<Computing[]> => {
    const names = await readOwnerNames(database, rows.map(ownerOf));
    return rows.map((row) => computings.view(viewer, row, names));
  };
  const view = async (viewer: Viewer, row: ComputingRow): Promise<Computing> =>
    (await views(viewer, [row]))[0] as Computing;
  return [
    route({
      method: 'GET',
      path: '/computing',
      summary: 'Where tasks may run',
      audience: 'user',
      answer: ListOf(Computing),
      handle: async ({ viewer }) => ({ items: await views(viewer, await computings.store.list(viewer)) }),
    }),
    route({
      method: 'POST',
      path: '/computing',
      summary: 'Adds a computing resource',
      audience: 'user',
      body: NewComputing,
      answer: Computing,
      status: 201,
      handle: async ({ viewer, body }) => view(viewer, await computings.create(viewer, body)),
    }),
    route({
      method: 'GET',
      path: '/computing/:id',
      summary: 'One computing resource',
      audience: 'user',
      params,
      answer: Computing,
      handle: async ({ viewer, params }) => view(viewer, await computings.store.get(viewer, params.id, 'see')),
    }),
    route({
      method: 'PATCH',
      path: '/computing/:id',
      summary: 'Changes a computing resource',
      audience: 'user',
      params,
      body: ComputingPatch,
      answer: Computing,
      handle: async ({ viewer, params, body }) => view(viewer, await computings.update(viewer, params.id, body)),
    }),
    route({
      method: 'DELETE',
      path: '/computing/:id',
      summary: 'Removes a computing resource that has no tasks',
      audience: 'user',
      params,
      handle: async ({ viewer, params }) => computings.remove(viewer, params.id),
    }),
    route({
      method: 'GET',
      path: '/computing/:id/options',
      summary: 'What a launch there may choose from, right now',
      audience: 'user',
      params,
      query: Strict({ software: Type.Optional(Id) }),
      answer: LaunchOptions,
      handle: async ({ viewer, params, query, signal }) => launcher.options(viewer, params.id, query.software, signal),
    }),
    route({
      method: 'POST',
      path: '/computing/:id/check',
      summary: 'Asks the resource how it is',
      audience: 'user',
      isRead: true,
      params,
      answer: CheckResult,
      handle: async ({ viewer, params, signal }) => launcher.check(viewer, params.id, signal),
    }),
  ];
}
