import { CheckResult, Computing, ComputingPatch, Id, LaunchOptions, NewComputing, Strict } from '@stele/sdk/api';
import { Type } from 'typebox';
import type { Computings } from '../../computing/index.ts';
import type { Database } from '../../model/index.ts';
import type { Tasks } from '../../tasks/index.ts';
import { type Route, route } from '../route.ts';
import { idParams, ownedRoutes } from './owned.ts';

const words = {
  path: '/computing',
  one: 'a computing resource',
  schemas: { view: Computing, create: NewComputing, patch: ComputingPatch },
};

export function computingRoutes(computings: Computings, tasks: Tasks, database: Database): Route[] {
  return [
    ...ownedRoutes(words, computings, database),
    route({
      method: 'GET',
      path: '/computing/:id/options',
      summary: 'What a launch there may choose from, right now',
      audience: 'user',
      params: idParams,
      query: Strict({ software: Type.Optional(Id) }),
      answer: LaunchOptions,
      handle: async ({ viewer, params, query, signal }) =>
        tasks.launcher.options(viewer, params.id, query.software, signal),
    }),
    route({
      method: 'POST',
      path: '/computing/:id/check',
      summary: 'Asks the resource how it is',
      audience: 'user',
      isRead: true,
      params: idParams,
      answer: CheckResult,
      handle: async ({ viewer, params, signal }) => tasks.check(viewer, params.id, signal),
    }),
  ];
}
