import assert from 'node:assert/strict';
import type { JsonObject, JsonSchema } from '@stele/sdk';
import { merge } from './objects.ts';
import { keepSecrets, splitSecrets } from './secrets.ts';

const secret = { type: 'string', 'x-secret': true };

describe('splitting settings', () => {
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
    it(name, () => {
      const { open, secret, paths } = splitSecrets(schema, values);
      assert.deepEqual([open, paths], [shown, secrets]);
      assert.deepEqual(merge(open, secret), values, 'nothing is lost');
    });
  }
});

describe('keeping secrets', () => {
  const schema = { properties: { a: {}, key: secret, tls: { properties: { ca: {}, key: secret } } } };
  const kept = { key: 'k', tls: { key: 't' } };
  const cases: [string, JsonObject, JsonObject][] = [
    ['keeps what is not spoken of', { a: 1 }, { a: 1, key: 'k', tls: { key: 't' } }],
    ['takes what is given', { key: 'new' }, { key: 'new', tls: { key: 't' } }],
    ['keeps beside what is given', { tls: { ca: 'c' } }, { key: 'k', tls: { ca: 'c', key: 't' } }],
    ['lets one go', { key: null }, { tls: { key: 't' } }],
    ['lets a nested one go', { tls: { ca: 'c', key: null } }, { key: 'k', tls: { ca: 'c' } }],
    ['lets all below go', { tls: null }, { key: 'k' }],
    ['leaves a null alone that is no secret', { a: null, key: null, tls: null }, { a: null }],
  ];
  for (const [name, given, result] of cases) {
    it(name, () => assert.deepEqual(keepSecrets(schema, given, kept), result));
  }

  it('keeps none that the schema does not know as one', () => {
    assert.deepEqual(keepSecrets({ properties: { key: {} } }, { b: 1 }, kept), { b: 1 });
  });
});
