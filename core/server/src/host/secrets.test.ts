import assert from 'node:assert/strict';
import type { JsonObject, JsonSchema } from '@stele/sdk';
import { hideSecrets } from './secrets.ts';

const secret = { type: 'string', 'x-secret': true };

describe('hideSecrets', () => {
  const cases: [string, JsonSchema, JsonObject, JsonObject, string[]][] = [
    ['shows what is no secret', { properties: { a: {} } }, { a: 1, b: { c: 2 } }, { a: 1, b: { c: 2 } }, []],
    ['hides a secret', { properties: { a: {}, key: secret } }, { a: 1, key: 's' }, { a: 1 }, ['key']],
    [
      'hides a nested one',
      { properties: { a: { properties: { b: secret, c: {} } } } },
      { a: { b: 's', c: 1 } },
      { a: { c: 1 } },
      ['a.b'],
    ],
    ['hides a whole object', { properties: { a: { ...secret, properties: { b: {} } } } }, { a: { b: 's' } }, {}, ['a']],
    [
      'hides a list of secrets',
      { properties: { a: { items: { properties: { b: secret } } } } },
      { a: [{ b: 's' }] },
      {},
      ['a'],
    ],
    ['hides what is told by a pattern', { patternProperties: { '^k': secret } }, { key: 's' }, {}, ['key']],
    ['hides what is told by allOf', { allOf: [{ properties: { key: secret } }] }, { key: 's' }, {}, ['key']],
    [
      'hides what may be one behind a reference',
      { properties: { a: { $ref: '#/$defs/k' } }, $defs: { k: secret } },
      { a: 's' },
      {},
      ['a'],
    ],
  ];
  for (const [name, schema, values, shown, secrets] of cases) {
    it(name, () => assert.deepEqual(hideSecrets(schema, values), { values: shown, secrets }));
  }
});
