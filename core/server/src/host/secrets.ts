import type { Json, JsonObject, JsonSchema } from '@stele/sdk';
import { propertiesOf } from './environment.ts';
import { isObject } from './settings.ts';

export interface Shown {
  readonly values: JsonObject;
  readonly secrets: readonly string[];
}

/** Settings without the values that the schema marks `x-secret`: those can be set, and are never read again. */
export function hideSecrets(schema: JsonSchema | undefined, values: JsonObject): Shown {
  return hide(schema, values, '', mentions(schema, 'x-secret'));
}

function hide(schema: JsonSchema | undefined, values: JsonObject, path: string, hasSecrets: boolean): Shown {
  const shown: [string, Json][] = [];
  const secrets: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const rule = ruleFor(key, schema);
    if (isObject(value) && isPlainObject(rule)) {
      const below = hide(rule, value, `${path}${key}.`, hasSecrets);
      shown.push([key, below.values]);
      secrets.push(...below.secrets);
    } else if (mentions(rule, 'x-secret') || (hasSecrets && mentions(rule, '$ref'))) {
      // A reference is not followed: in a schema that has secrets, what lies behind it counts as one.
      secrets.push(path + key);
    } else {
      shown.push([key, value]);
    }
  }
  return { values: Object.fromEntries(shown), secrets };
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

/** Dotted paths of all leaves. */
export function pathsOf(values: JsonObject, path = ''): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isObject(value) ? pathsOf(value, `${path}${key}.`) : [path + key],
  );
}
