import type { Json, JsonObject, JsonSchema } from '@stele/sdk';
import { propertiesOf } from '../schema/index.ts';
import { settingsInvalid } from './failure.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface EnvironmentSettings {
  readonly enabled: boolean | undefined;
  readonly settings: JsonObject;
}

/**
 * Settings of a plugin from `STELE_PLUGIN_<ID>__<KEY>`; `maxTasks` is `MAX_TASKS`, and `__` leads into nested objects.
 * Text stays text where the schema wants a string; everything else is read as JSON.
 */
export function settingsFromEnvironment(
  id: string,
  schema: JsonSchema | undefined,
  environment: Environment,
): EnvironmentSettings {
  const prefix = `STELE_PLUGIN_${id.toUpperCase().replaceAll('-', '_')}__`;
  const given = new Map(
    Object.entries(environment)
      .filter((entry): entry is [string, string] => entry[0].startsWith(prefix) && entry[1] !== undefined)
      .map(([name, text]) => [name.slice(prefix.length), text]),
  );
  const enabled = takeEnabled(given, prefix);
  const settings = take(given, schema, '');
  const [unknown] = given.keys();
  if (unknown !== undefined)
    throw settingsInvalid(`there is no setting for the environment variable ${prefix}${unknown}`);
  return { enabled, settings };
}

function takeEnabled(given: Map<string, string>, prefix: string): boolean | undefined {
  const text = given.get('ENABLED');
  given.delete('ENABLED');
  if (text === undefined) return undefined;
  if (text !== 'true' && text !== 'false') throw settingsInvalid(`${prefix}ENABLED must be true or false`);
  return text === 'true';
}

/** Takes out of `given` what the schema knows; what remains is unknown. */
function take(given: Map<string, string>, schema: JsonSchema | undefined, path: string): JsonObject {
  const found: [string, Json][] = [];
  for (const [key, property] of propertiesOf(schema)) {
    const name = path + variableOf(key);
    const text = given.get(name);
    if (text !== undefined) {
      given.delete(name);
      found.push([key, read(text, property)]);
    } else {
      const nested = take(given, property, `${name}__`);
      if (Object.keys(nested).length > 0) found.push([key, nested]);
    }
  }
  return Object.fromEntries(found);
}

function variableOf(key: string): string {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toUpperCase();
}

function read(text: string, schema: JsonSchema): Json {
  if (schema['type'] === 'string') return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    // Not JSON, so a word: one of an enumeration, or wrong, which the schema's check will say.
    return text;
  }
}
