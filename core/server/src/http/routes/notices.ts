import { ListOf, Notice } from '@stele/sdk/api';
import type { Notices } from '../../notices/index.ts';
import { type Route, route } from '../route.ts';
import { idParams } from './owned.ts';

export function noticeRoutes(notices: Notices): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/notices', summary: 'What the caller was not told yet', audience: 'user' },
      answer: ListOf(Notice),
      handle: async ({ viewer }) => ({ items: await notices.unseen(viewer.id) }),
    }),
    route({
      ...{ method: 'DELETE', path: '/notices/:id', summary: 'The caller has been told', audience: 'user' },
      params: idParams,
      handle: async ({ viewer, params }) => notices.seen(viewer.id, params.id),
    }),
  ];
}
