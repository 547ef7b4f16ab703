import { NewSoftware, Software, SoftwarePatch } from '@stele/sdk/api';
import type { Database } from '../../model/index.ts';
import type { Softwares } from '../../software/index.ts';
import { type Route, route } from '../route.ts';
import { idParams, ownedRoutes, viewsOf } from './owned.ts';

const words = {
  path: '/software',
  one: 'a software',
  schemas: { view: Software, create: NewSoftware, patch: SoftwarePatch },
};

export function softwareRoutes(softwares: Softwares, database: Database): Route[] {
  const views = viewsOf(softwares, database);
  return [
    ...ownedRoutes(words, softwares, database),
    route({
      method: 'POST',
      path: '/software/:id/duplicate',
      summary: 'Makes a copy of one’s own',
      audience: 'user',
      params: idParams,
      answer: Software,
      status: 201,
      handle: async ({ viewer, params }) => {
        const copy = await softwares.duplicate(viewer, params.id);
        return (await views(viewer, [copy])).at(0) as Software;
      },
    }),
  ];
}
