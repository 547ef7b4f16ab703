import { type Json, type JsonObject, type JsonSchema, messageOf } from '@stele/sdk';
import type { ValidateFunction } from 'ajv';
import { merge, propertiesOf, proveSchema } from '../schema/index.ts';
import { compile, problemsOf } from './ajv.ts';
import { manifestInvalid, type PluginFailure, settingsInvalid } from './failure.ts';
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

/** Holds a settings schema against the standard: more than {@link validatorOf} finds, and as much work as compiling ten. */
export function checkSchema(schema: JsonSchema): void {
  try {
    proveSchema(schema);
  } catch (error) {
    throw schemaWrong(error);
  }
}

const noSettings: JsonSchema = {};
/** Compiled once: a schema is asked for when its plugin is found, and when it is made ready. */
const validators = new WeakMap<JsonSchema, ValidateFunction>();

/** Compiles a settings schema, so that a wrong one is found before any code of the plugin runs. */
export function validatorOf(schema: JsonSchema = noSettings): ValidateFunction {
  const validate = validators.get(schema) ?? compileSettings(schema);
  validators.set(schema, validate);
  return validate;
}

function compileSettings(schema: JsonSchema): ValidateFunction {
  const taken = propertiesOf(schema).find(([key]) => reserved.includes(key));
  if (taken) throw manifestInvalid(`stele.settings: "${taken[0]}" is a word of the host; call it otherwise`);
  try {
    return compile(closed(schema));
  } catch (error) {
    throw schemaWrong(error);
  }
}

const schemaWrong = (error: unknown): PluginFailure => manifestInvalid(`stele.settings: ${messageOf(error)}`, error);

function closed(schema: JsonSchema): JsonSchema {
  const object = { type: 'object', ...schema };
  const isOpen = 'additionalProperties' in object || 'unevaluatedProperties' in object;
  return isOpen ? object : { ...object, unevaluatedProperties: false };
}

function freeze<T extends Json>(value: T): T {
  if (typeof value === 'object' && value !== null) {
    Object.values(value).forEach((one: Json) => freeze(one));
    Object.freeze(value);
  }
  return value;
}
