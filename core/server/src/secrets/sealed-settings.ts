import type { Json, JsonObject } from '@stele/sdk';
import type { SecretBox } from '../model/index.ts';
import { isObject, merge, pathsOf } from '../schema/index.ts';

/** Settings of a resource, by the part of it that they belong to. */
export interface ResourceSettings {
  readonly accessConf: JsonObject;
  readonly conf: JsonObject;
}

/** What of them is secret, and what the platform proves itself with. */
export interface SecretSettings extends ResourceSettings {
  readonly credentials: JsonObject;
}

/** The parts of a resource's row that hold settings; `secrets` has those that are not to be read there. */
export interface SettingsColumns extends ResourceSettings {
  readonly id: string;
  readonly secrets?: string | null | undefined;
}

/** What identifies a sealed row, and what is sealed in it. */
export type SealedRow = Pick<SettingsColumns, 'id' | 'secrets'>;
/** What is given anew. */
export type SettingsChange = { readonly [Part in keyof SecretSettings]?: JsonObject | null };

const none: SecretSettings = { accessConf: {}, conf: {}, credentials: {} };

/**
 * What a row keeps of secret settings: one sealed value at each one's place, so that it shows which are set and none can
 * be moved to another place or row. `null` for none.
 */
export function sealSettings(box: SecretBox, id: string, settings: Partial<SecretSettings>): string | null {
  const secret = { ...settings } as JsonObject;
  if (pathsOf(secret).length === 0) return null;
  return JSON.stringify(eachLeaf(secret, (value, path) => box.seal(JSON.stringify(value), purpose(id, path))));
}

/**
 * The secret settings of a row that a change leaves as they are. What it gives anew isn't opened: that is the way out
 * when it can't be.
 * @param change parts as they were given; `null` for a part that is of another kind now, and keeps none
 * @throws DENIED when the secret key is another one now
 */
export function keptSettings(box: SecretBox, row: SealedRow, change: SettingsChange): SecretSettings {
  return opened(box, row, (sealed) => without(sealed, change as JsonObject));
}

/** @throws DENIED when the secret key is another one now */
function opened(
  box: SecretBox,
  { id, secrets }: SealedRow,
  choose = (sealed: JsonObject): JsonObject => sealed,
): SecretSettings {
  if (!secrets) return none;
  const open = (sealed: Json, path: string): Json => JSON.parse(box.open(sealed as string, purpose(id, path))) as Json;
  return { ...none, ...(eachLeaf(choose(parse(secrets)), open) as Partial<SecretSettings>) };
}

/** What is left when everything that is given anew is gone. */
function without(there: JsonObject, given: JsonObject): JsonObject {
  const left = Object.entries(there).flatMap(([key, value]): [string, Json][] => {
    if (!Object.hasOwn(given, key)) return [[key, value]];
    const above = given[key];
    return isObject(value) && isObject(above) ? [[key, without(value, above)]] : [];
  });
  return Object.fromEntries(left);
}

/** Whole settings of a row, secrets among them: for plugins alone. */
export function settingsOf(box: SecretBox, row: SettingsColumns): ResourceSettings {
  const { accessConf, conf } = opened(box, row);
  return { accessConf: merge(row.accessConf, accessConf), conf: merge(row.conf, conf) };
}

/** What a row's owner proves themselves with. */
export function credentialsOf(box: SecretBox, row: SealedRow): JsonObject {
  return opened(box, row).credentials;
}

/** Dotted paths of the secrets that are set, e.g. `conf.token`. */
export function secretsSet({ secrets }: Pick<SettingsColumns, 'secrets'>): string[] {
  return secrets ? pathsOf(parse(secrets)) : [];
}

const parse = (secrets: string): JsonObject => JSON.parse(secrets) as JsonObject;

const purpose = (id: string, path: string): string => `resource:${id}:${path}`;

function eachLeaf(values: JsonObject, change: (value: Json, path: string) => Json, above = ''): JsonObject {
  const changed = Object.entries(values).map(([key, value]): [string, Json] => {
    const path = `${above}/${key}`;
    return [key, isObject(value) ? eachLeaf(value, change, path) : change(value, path)];
  });
  return Object.fromEntries(changed);
}
