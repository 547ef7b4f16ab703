import { SteleError } from '@stele/sdk';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { Compiled } from './compiled.ts';
import { meant } from './union.ts';

const compiled = {
  body: new Compiled({}),
  text: new Compiled({ coerceTypes: true }),
  settings: new Compiled({ isOurs: false }),
} as const;

/**
 * Where a value came from: a body keeps its types; queries and parameters arrive as text and are read as their schema says;
 * settings are as a body, with a schema that a plugin made.
 */
export type Source = 'body' | 'text' | 'settings';

/**
 * Checks a value against a schema, filling in defaults.
 * @param prefix path of the value itself, for the names of fields
 * @throws INVALID naming the field
 */
export function validate(schema: object, value: unknown, source: Source = 'body', prefix = ''): unknown {
  const check = compiled[source].get(schema);
  if (check(value)) return value;
  const error = precise(lastOf(check), source);
  const field = fieldOf(error, prefix);
  throw new SteleError('INVALID', sentence(error, field, schema), field === '' ? {} : { field });
}

const lastOf = (check: ValidateFunction): ErrorObject => check.errors?.at(-1) as ErrorObject;

/** A value that fits no schema of a union is held against the one that it was meant for. */
function precise(error: ErrorObject, source: Source): ErrorObject {
  if (error.keyword !== 'anyOf') return error;
  const wrong = meant(error);
  if ('mark' in wrong) {
    const instancePath = `${error.instancePath}/${wrong.mark}`;
    return { ...error, keyword: 'enum', instancePath, params: { allowedValues: wrong.known } };
  }
  const check = compiled[source].get(wrong.branch);
  if (check(error.data)) return error;
  const inner = lastOf(check);
  return precise({ ...inner, instancePath: `${error.instancePath}${inner.instancePath}` }, source);
}

/** Dotted path of the value that an error is about. */
function fieldOf(error: ErrorObject, prefix: string): string {
  const parts = error.instancePath.split('/').slice(1).map(decodePointer);
  const named = error.params as { missingProperty?: string; additionalProperty?: string; propertyName?: string };
  const last = named.missingProperty ?? named.additionalProperty ?? named.propertyName;
  return [...(prefix === '' ? [] : [prefix]), ...parts, ...(last === undefined ? [] : [last])].join('.');
}

const decodePointer = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

/** What a form calls the value at a path; of a condition within `allOf`, the value's own schema knows. */
function titleAt(schema: unknown, path: string): unknown {
  const inner = path
    .split('/')
    .slice(1)
    .map(decodePointer)
    .reduce(
      (at, key) => (at as { properties?: Readonly<Record<string, unknown>> } | undefined)?.properties?.[key],
      schema,
    );
  return (inner as { title?: unknown } | undefined)?.title;
}

/** Called as its form calls it, where it has a title. */
function nameOf(error: ErrorObject, field: string, schema: object): string {
  const title = (error.parentSchema as { title?: unknown } | undefined)?.title ?? titleAt(schema, error.instancePath);
  if (typeof title === 'string' && error.keyword !== 'required' && error.keyword !== 'additionalProperties')
    return `“${title}”`;
  return field === '' ? 'The value' : `“${field.slice(0, 200)}”`;
}

const typeWords: Readonly<Record<string, string>> = { array: 'has to be a list', object: 'has to be an object' };

function sentence(error: ErrorObject, field: string, schema: object): string {
  const what = nameOf(error, field, schema);
  switch (error.keyword) {
    case 'type':
      return `${what} ${typeWords[String((error.params as { type: unknown }).type)] ?? error.message ?? 'is not valid'}.`;
    case 'required':
      return `${what} is missing.`;
    case 'additionalProperties':
      return `${what} is not known here.`;
    case 'pattern':
      return `${what} has characters or a form that is not allowed.`;
    case 'enum':
      return `${what} must be one of: ${(error.params as { allowedValues: unknown[] }).allowedValues.join(', ')}.`;
    default:
      return `${what} ${error.message ?? 'is not valid'}.`;
  }
}
