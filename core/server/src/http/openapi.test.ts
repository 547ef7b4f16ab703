import assert from 'node:assert/strict';
import { Type } from 'typebox';
import { openapi } from './openapi.ts';
import { type Route, route } from './route.ts';

/** Each answer that a route is described with: its status, and its media type. */
function answersOf(one: Route): Record<string, string | undefined> {
  const { paths } = openapi([one], '1.0.0') as {
    paths: { '/api/v1/x': { get: { responses: Record<string, { content?: object }> } } };
  };
  const { default: _, ...responses } = paths['/api/v1/x'].get.responses;
  return Object.fromEntries(
    Object.entries(responses).map(([status, { content }]) => [status, Object.keys(content ?? {})[0]]),
  );
}

describe('the description of an answer', () => {
  const shared = { method: 'GET', path: '/x', summary: 'X', audience: 'user', handle: async () => undefined } as const;
  const cases: readonly [string, Route, Record<string, string | undefined>][] = [
    ['nothing', route(shared), { 204: undefined }],
    [
      'JSON of a schema',
      route({ ...shared, answer: Type.Object({}), handle: async () => ({}) }),
      { 200: 'application/json' },
    ],
    [
      'a file, or a range of it',
      route({ ...shared, media: { type: '*/*', statuses: [200, 206] } }),
      { 200: '*/*', 206: '*/*' },
    ],
    [
      'text, or nothing',
      route({ ...shared, status: 204, media: { type: 'text/plain', statuses: [200] } }),
      { 200: 'text/plain', 204: undefined },
    ],
  ];
  for (const [what, one, expected] of cases) it(`says ${what}`, () => assert.deepEqual(answersOf(one), expected));
});
