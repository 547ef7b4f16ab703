import { type JsonObject, type JsonSchema, SteleError } from '@stele/sdk';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const ajv = new Ajv2020({ useDefaults: true, strict: false });
addFormats.default(ajv);
const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/**
 * Checks settings against the schema that a plugin gave for them; the result has the defaults filled in.
 * @throws INVALID with a field below `field`
 */
export function checkSettings(schema: JsonSchema, value: JsonObject, field: string): JsonObject {
  const check = compiled.get(schema) ?? ajv.compile(schema);
  compiled.set(schema, check);
  const filled = structuredClone(value);
  if (check(filled)) return filled;
  const error = check.errors?.[0];
  const params = error?.params as { missingProperty?: string; additionalProperty?: string } | undefined;
  const below = `${error?.instancePath ?? ''}/${params?.missingProperty ?? params?.additionalProperty ?? ''}`;
  const path = [field, ...below.split('/').filter((part) => part !== '')].join('.');
  throw new SteleError('INVALID', `“${path}” ${error?.message ?? 'is not valid'}.`, { field: path });
}
