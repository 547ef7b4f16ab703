import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import { greetingOf } from './versions.ts';

describe('who answers', () => {
  const known: readonly (readonly [string, Record<string, string>, ReturnType<typeof greetingOf>])[] = [
    ['Docker 20.10', { 'api-version': '1.41' }, { prefix: '/v1.41' }],
    ['Docker 28', { 'api-version': '1.51' }, { prefix: '/v1.51' }],
    ['a Docker that is newer than this', { 'api-version': '1.60' }, { prefix: '/v1.51' }],
    [
      'Podman 4.3',
      { 'api-version': '1.41', 'libpod-api-version': '4.3.1' },
      { prefix: '/v1.41', own: '/v4.0.0/libpod' },
    ],
    [
      'Podman 5.4',
      { 'api-version': '1.41', 'libpod-api-version': '5.4.2' },
      { prefix: '/v1.41', own: '/v5.0.0/libpod' },
    ],
  ];
  for (const [what, headers, expected] of known)
    it(`is known: ${what}`, () => assert.deepEqual(greetingOf(headers, 'there'), expected));

  for (const [what, headers, code] of [
    ['Docker 19.03', { 'api-version': '1.40' }, 'UNSUPPORTED'],
    ['Podman 3', { 'api-version': '1.41', 'libpod-api-version': '3.4.4' }, 'UNSUPPORTED'],
    ['something else', {}, 'PROTOCOL'],
    ['a version that is none', { 'api-version': 'new' }, 'PROTOCOL'],
  ] as const) {
    it(`is refused: ${what}`, () => {
      assert.throws(
        () => greetingOf(headers, 'there'),
        (error) => hasCode(error, code),
      );
    });
  }
});
