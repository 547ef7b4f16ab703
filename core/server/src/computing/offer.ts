import type { JsonObject, JsonSchema, SteleError } from '@stele/sdk';
import type { CheckResult } from '@stele/sdk/api';
import { checkSettings } from '../schema/index.ts';

type Offer = NonNullable<CheckResult['offer']>;

const room = 'accessConf';

/**
 * What a host showed of itself, as a value for the setting whose lack made the check fail: e.g. its key, to be pinned. A
 * list gets it as one more entry. Nothing for what would not be a valid setting: it comes from outside.
 */
export function offerOf({ code, field, raw }: SteleError, conf: JsonSchema, now: JsonObject): Offer | undefined {
  if (code !== 'INVALID' || raw === undefined || !field?.startsWith(`${room}.`)) return undefined;
  const changed = structuredClone(now) as Record<string, unknown>;
  const value = put(changed, field.slice(room.length + 1).split('.'), conf, raw);
  return value !== undefined && isValid(conf, changed as JsonObject) ? { field, value } : undefined;
}

interface Node {
  readonly type?: unknown;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
}

/** Sets a value at a path, as the schema says that it is there; the whole new value of the setting. */
function put(
  holder: Record<string, unknown>,
  [key = '', ...rest]: readonly string[],
  node: Node,
  raw: string,
): unknown {
  const inner = Array.isArray(holder) ? node.items : own(node.properties, key);
  if (inner === undefined) return undefined;
  const there = Object.hasOwn(holder, key) ? holder[key] : undefined;
  if (rest.length > 0) return isObject(there) ? put(there, rest, inner, raw) : undefined;
  const value = inner.type === 'array' ? [...(Array.isArray(there) ? (there as unknown[]) : []), raw] : raw;
  holder[key] = value;
  return value;
}

const own = (properties: Node['properties'], key: string): Node | undefined =>
  properties && Object.hasOwn(properties, key) ? properties[key] : undefined;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function isValid(conf: JsonSchema, value: JsonObject): boolean {
  try {
    checkSettings(conf, value, room);
    return true;
  } catch {
    // Why is of no interest: nobody has typed it.
    return false;
  }
}
