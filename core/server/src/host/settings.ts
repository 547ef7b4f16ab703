import { type Json, type JsonObject, type JsonSchema, messageOf } from '@stele/sdk';
import type { ValidateFunction } from 'ajv';
import { compile, problemsOf } from './ajv.ts';
import { propertiesOf } from './environment.ts';
import { manifestInvalid, settingsInvalid } from './failure.ts';
import { reserved } from './section.ts';

/**
 * Lays the layers over each other (later ones win, objects are merged, arrays replaced), fills in defaults, checks.
 * A plugin without a schema has no settings; a schema that doesn't say so takes no unknown ones.
 */
export function resolveSettings(schema: JsonSchema | undefined, layers: readonly JsonObject[]): JsonObject {
  const validate = validatorOf(schema);
  const settings = layers.reduce<JsonObject>(merge, {});
  // Ajv fills in defaults by writing to the value; the layers must not be touched.
  const result = structuredClone(settings);
  if (!validate(result)) throw settingsInvalid(problemsOf(validate));
  return freeze(result);
}

/** Compiles a settings schema, so that a wrong one is found before any code of the plugin runs. */
export function validatorOf(schema: JsonSchema | undefined): ValidateFunction {
  const taken = propertiesOf(schema).find(([key]) => reserved.includes(key));
  if (taken) throw manifestInvalid(`stele.settings: "${taken[0]}" is a word of the host; call it otherwise`);
  try {
    return compile(closed(schema));
  } catch (error) {
    throw manifestInvalid(`stele.settings: ${messageOf(error)}`, error);
  }
}

function closed(schema: JsonSchema | undefined): JsonSchema {
  const object = { type: 'object', ...schema };
  const isOpen = 'additionalProperties' in object || 'unevaluatedProperties' in object;
  return isOpen ? object : { ...object, unevaluatedProperties: false };
}

export function merge(below: JsonObject, above: JsonObject): JsonObject {
  const merged = Object.entries(above).map(([key, value]): [string, Json] => {
    const under = Object.hasOwn(below, key) ? below[key] : undefined;
    return [key, isObject(under) && isObject(value) ? merge(under, value) : value];
  });
  // fromEntries defines properties; assigning would take a key `__proto__` for the prototype.
  return Object.fromEntries([...Object.entries(below), ...merged]);
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function freeze<T extends Json>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach((one: Json) => freeze(one));
    Object.freeze(value);
  }
  return value;
}
