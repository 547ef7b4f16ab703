import type { Json, JsonObject, JsonSchema } from '@stele/sdk';
import { isObject, propertiesOf } from './objects.ts';

/** Settings, taken apart by what their schema marks `x-secret`. */
export interface Split {
  /** Fit to be shown. */
  readonly open: JsonObject;
  /** The others, at the places where they were. */
  readonly secret: JsonObject;
  /** Dotted paths of those. */
  readonly paths: readonly string[];
}

/** Takes secrets out. In doubt a value is one: behind a reference, in a list, where only a pattern tells. */
export function splitSecrets(schema: JsonSchema | undefined, values: JsonObject): Split {
  return split(schema, values, '', mentions(schema, 'x-secret'));
}

function split(schema: JsonSchema | undefined, values: JsonObject, path: string, hasSecrets: boolean): Split {
  const open: [string, Json][] = [];
  const secret: [string, Json][] = [];
  const paths: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const rule = ruleFor(key, schema);
    if (isObject(value) && isPlainObject(rule)) {
      const below = split(rule, value, `${path}${key}.`, hasSecrets);
      open.push([key, below.open]);
      if (below.paths.length > 0) secret.push([key, below.secret]);
      paths.push(...below.paths);
    } else if (mentions(rule, 'x-secret') || (hasSecrets && mentions(rule, '$ref'))) {
      // A reference is not followed: in a schema that has secrets, what lies behind it counts as one.
      secret.push([key, value]);
      paths.push(path + key);
    } else {
      open.push([key, value]);
    }
  }
  return { open: Object.fromEntries(open), secret: Object.fromEntries(secret), paths };
}

/** What was given, with the secrets that it doesn't speak of as they were; `null` takes one away. */
export function keepSecrets(schema: JsonSchema | undefined, given: JsonObject, kept: JsonObject): JsonObject {
  // Of another kind's secrets nothing is kept.
  return keep(schema, given, splitSecrets(schema, kept).secret);
}

function keep(schema: JsonSchema | undefined, given: JsonObject, kept: JsonObject): JsonObject {
  const left = Object.entries(given).flatMap(([key, value]): [string, Json][] => {
    const rule = ruleFor(key, schema);
    if (value === null && mentions(rule, 'x-secret')) return [];
    if (!isObject(value) || !isPlainObject(rule)) return [[key, value]];
    const under = Object.hasOwn(kept, key) ? kept[key] : undefined;
    return [[key, keep(rule, value, isObject(under) ? under : {})]];
  });
  const others = Object.entries(kept).filter(([key]) => !Object.hasOwn(given, key));
  return Object.fromEntries([...left, ...others]);
}

/** What the schema says about a key: its property, or else everything beside the properties. */
function ruleFor(key: string, schema: JsonSchema | undefined): JsonSchema {
  const property = new Map(propertiesOf(schema)).get(key);
  if (property) return property;
  const { properties: _, ...others } = schema ?? {};
  return others;
}

/** Described property by property, so that its secrets can be told from the rest. */
function isPlainObject(rule: JsonSchema): boolean {
  return propertiesOf(rule).length > 0 && rule['x-secret'] !== true;
}

/** Whether a schema has a keyword, at any depth. */
function mentions(schema: unknown, keyword: string): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return Object.hasOwn(schema, keyword) || Object.values(schema).some((one) => mentions(one, keyword));
}
