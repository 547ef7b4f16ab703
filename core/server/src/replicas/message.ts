import type { Owner } from '../model/index.ts';

/**
 * What replicas tell each other: ids, never contents. Whoever is told reads for themselves, as far as they may. An owner
 * goes along where nothing would be left to read.
 */
export type Message =
  /** A task came or changed. */
  | { readonly kind: 'task'; readonly id: string }
  /** A task was deleted. */
  | { readonly kind: 'task-removed'; readonly id: string; readonly owner: Owner }
  /** A software, computing or storage came, changed or went. */
  | {
      readonly kind: 'resource';
      readonly of: 'software' | 'computing' | 'storage';
      readonly id: string;
      readonly gone: boolean;
      readonly owner?: Owner;
    }
  /** Somebody is to be told something. */
  | { readonly kind: 'notice'; readonly owner: Owner }
  /** There is something to do on a resource that another replica looks after. */
  | { readonly kind: 'poke'; readonly computing: string }
  | { readonly kind: 'session-ended'; readonly session: string; readonly user: string }
  | { readonly kind: 'token-revoked'; readonly token: string }
  | { readonly kind: 'user-changed'; readonly user: string }
  /** An administrator has switched a plugin. */
  | { readonly kind: 'plugins' };

/** PostgreSQL takes less than 8000 bytes; ours are ids. */
const longest = 1_000;

/** A message as it goes over the wire, with its sender. */
export function encode(from: string, message: Message): string {
  const text = JSON.stringify({ from, ...message });
  if (text.length > longest) throw new RangeError(`A message of ${text.length} characters holds more than ids.`);
  return text;
}

/** What came over the wire. `undefined` for what is none of ours: anybody who may use the database can send on a channel. */
export function decode(text: string): { readonly from: string; readonly message: Message } | undefined {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const { from, ...message } = value as { from?: unknown; kind?: unknown } & Record<string, unknown>;
  if (typeof from !== 'string' || !isMessage(message)) return undefined;
  return { from, message };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Names of what each kind has to say. */
const fields: Readonly<Record<Message['kind'], readonly string[]>> = {
  task: ['id'],
  'task-removed': ['id'],
  resource: ['of', 'id'],
  notice: [],
  poke: ['computing'],
  'session-ended': ['session', 'user'],
  'token-revoked': ['token'],
  'user-changed': ['user'],
  plugins: [],
};

function isMessage(value: Record<string, unknown>): value is Message {
  const names = Object.hasOwn(fields, String(value.kind)) ? fields[value.kind as Message['kind']] : undefined;
  if (!names?.every((name) => typeof value[name] === 'string')) return false;
  const needsOwner = value.kind === 'task-removed' || value.kind === 'notice';
  return value.owner === undefined ? !needsOwner : isOwner(value.owner);
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id } = value as { kind?: unknown; id?: unknown };
  return kind === 'platform' || ((kind === 'user' || kind === 'group') && typeof id === 'string');
}
