import type { JsonObject, JsonSchema } from '@stele/sdk';
import { validate } from './validate.ts';

/**
 * Checks settings against the schema that a plugin gave for them.
 * @returns a copy with the defaults filled in
 * @throws INVALID with a field below `field`
 */
export function checkSettings(schema: JsonSchema, value: JsonObject, field: string): JsonObject {
  return validate(schema, structuredClone(value), 'settings', field) as JsonObject;
}
