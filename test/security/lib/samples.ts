import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Schema } from './description.ts';

const ajv = addFormats.default(new Ajv2020({ strict: false }));

/** Whether a value is as a schema of the description says. */
export const conforms = (schema: Schema, value: unknown): boolean => ajv.validate(schema, value);

/** Why the last value did not conform. */
export const whyNot = (): string => ajv.errorsText();

export const unknownId = '00000000-0000-4000-8000-000000000000';

/** Values that a pattern wants, by the name of the field. */
const written: Readonly<Record<string, unknown>> = {
  name: 'A name',
  image: 'stele/web-echo',
  registry: 'localhost',
  tag: '1',
  icon: 'cube',
  protocol: 'http',
  driver: 'standalone',
  backend: 'posix',
  access: 'local',
  email: 'somebody@example.org',
  link: 'x'.repeat(43),
  password: 'a long enough password',
  locale: 'en',
  key: 'aaaabbbbccccdddd',
};

/** A value that a schema takes, with no more in it than it demands. */
export function sample(schema: Schema, name = ''): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  if (schema.anyOf) return sample(schema.anyOf[0] as Schema, name);
  if (name in written) return written[name];
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((key) => [key, sample(schema.properties?.[key] ?? {}, key)]),
      );
    case 'array':
      return [];
    case 'integer':
    case 'number':
      return schema.minimum ?? 1;
    case 'boolean':
      return true;
    default:
      return schema.format === 'uuid' ? unknownId : 'text';
  }
}

/** A value with one thing wrong, and the field that is wrong. */
export interface Wrong {
  readonly what: string;
  readonly value: unknown;
  readonly field: string;
}

const strangers: readonly unknown[] = [null, true, 12.5, -1, 1e300, 'text', '', ' ', [], [null], {}, { a: 1 }];
const nasty: readonly string[] = ['a\u0000b', '\u202e', '../../etc', "';--", '$(id)', '-rf', '%00', '{{7*7}}', 'x y'];

/** A body with one field wrong in each, for every field at every depth; never one that the schema takes. */
export function* wrongs(schema: Schema, base: Readonly<Record<string, unknown>>, prefix = ''): Generator<Wrong> {
  const named = (key: string): string => (prefix === '' ? key : `${prefix}.${key}`);
  for (const key of schema.required ?? []) {
    if (schema.properties?.[key]?.default !== undefined) continue;
    const { [key]: _, ...rest } = base;
    yield { what: `without ${named(key)}`, value: rest, field: named(key) };
  }
  if (schema.additionalProperties === false)
    yield { what: `with ${named('unheard_of')}`, value: { ...base, unheard_of: 1 }, field: named('unheard_of') };
  for (const [key, inner] of Object.entries(schema.properties ?? {})) {
    for (const value of [...strangers, ...nasty, ...tooFar(inner)]) {
      if (conforms(inner, value)) continue;
      yield { what: `${named(key)} = ${show(value)}`, value: { ...base, [key]: value }, field: named(key) };
    }
    if (inner.properties === undefined) continue;
    const below = sample(inner, key) as Record<string, unknown>;
    for (const wrong of wrongs(inner, below, named(key))) yield { ...wrong, value: { ...base, [key]: wrong.value } };
  }
}

function tooFar(schema: Schema): unknown[] {
  const [first] = schema.anyOf ?? [schema];
  const { maxLength, maximum, minimum } = first as Schema;
  return [
    ...(maxLength === undefined ? [] : ['x'.repeat(maxLength + 1)]),
    ...(maximum === undefined ? [] : [maximum + 1]),
    ...(minimum === undefined ? [] : [minimum - 1]),
  ];
}

const show = (value: unknown): string => JSON.stringify(value).slice(0, 40);
