import type { Json, JsonObject, JsonSchema } from '@stele/sdk';

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Lays an object over another: objects are merged, everything else is replaced. */
export function merge(below: JsonObject, above: JsonObject): JsonObject {
  const merged = Object.entries(above).map(([key, value]): [string, Json] => {
    const under = Object.hasOwn(below, key) ? below[key] : undefined;
    return [key, isObject(under) && isObject(value) ? merge(under, value) : value];
  });
  // fromEntries defines properties; assigning would take a key `__proto__` for the prototype.
  return Object.fromEntries([...Object.entries(below), ...merged]);
}

/** Dotted paths of all leaves. */
export function pathsOf(values: JsonObject, path = ''): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isObject(value) ? pathsOf(value, `${path}${key}.`) : [path + key],
  );
}

/** The properties that a schema states directly. */
export function propertiesOf(schema: JsonSchema | undefined): [string, JsonSchema][] {
  const properties = schema?.['properties'];
  return typeof properties === 'object' && properties !== null
    ? Object.entries(properties as Readonly<Record<string, JsonSchema>>)
    : [];
}
