import type { Json, JsonObject, JsonSchema } from '@stele/sdk';
import { propertiesOf } from './environment.ts';
import { isObject } from './settings.ts';

export interface Shown {
  readonly values: JsonObject;
  readonly secrets: readonly string[];
}

/**
 * Settings without the values that the schema marks `x-secret`: those can be set, and never be read again. Whatever the
 * schema doesn't describe property by property is shown only where nothing below it is secret.
 */
export function hideSecrets(schema: JsonSchema | undefined, values: JsonObject, path = ''): Shown {
  const properties = new Map(propertiesOf(schema));
  const shown: [string, Json][] = [];
  const secrets: string[] = [];
  for (const [key, value] of Object.entries(values)) {
    const property = properties.get(key);
    if (property && isObject(value) && propertiesOf(property).length > 0 && property['x-secret'] !== true) {
      const below = hideSecrets(property, value, `${path}${key}.`);
      shown.push([key, below.values]);
      secrets.push(...below.secrets);
    } else if (holdsSecret(property)) {
      secrets.push(path + key);
    } else {
      shown.push([key, value]);
    }
  }
  return { values: Object.fromEntries(shown), secrets };
}

/** Whether a schema, at any depth and through any keyword, says `x-secret`. */
function holdsSecret(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  return (schema as JsonSchema)['x-secret'] === true || Object.values(schema).some(holdsSecret);
}

/** Dotted paths of all leaves. */
export function pathsOf(values: JsonObject, path = ''): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isObject(value) ? pathsOf(value, `${path}${key}.`) : [path + key],
  );
}
