import { grammar, type JsonObject, matches } from '@stele/sdk';
import { invalid } from './errors.ts';
import { parsePins, type Pin } from './keys/pins.ts';
import type { Hop, Route } from './route.ts';

const hostName = '[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9])?';
const ipv6 = '[0-9A-Fa-f:]{2,39}(?:%[A-Za-z0-9]{1,15})?';
const accountName = '[A-Za-z_][A-Za-z0-9._-]{0,63}';

const host = {
  type: 'string',
  title: 'Host',
  description: 'Name or IP address.',
  pattern: `^(?:${hostName}|${ipv6})$`,
};
const port = { type: 'integer', title: 'Port', minimum: 1, maximum: 65_535, default: 22 };
const keys = {
  type: 'array',
  items: { type: 'string', minLength: 1, maxLength: 16_384 },
  maxItems: 32,
};

/** What a resource says to be reached by SSH. */
export const confSchema = {
  type: 'object',
  properties: {
    host: { ...host, 'x-order': 1 },
    port: { ...port, 'x-order': 2 },
    user: {
      type: 'string',
      title: 'Account',
      description: 'Name of the account on the host, for whoever has said none. Default: the name of the user here.',
      pattern: `^(?:${accountName})$`,
      'x-order': 3,
    },
    hostKeys: {
      ...keys,
      title: 'Host keys',
      description:
        'The keys by which the host is known, as in known_hosts without the host: “ssh-ed25519 AAAA…”. Or of who signs its keys: “@cert-authority ssh-ed25519 AAAA…”.',
      default: [],
      'x-order': 4,
    },
    jump: {
      type: 'array',
      title: 'Hosts on the way',
      description: 'Passed one after the other to get there, nearest first.',
      maxItems: 4,
      items: {
        type: 'object',
        properties: {
          host,
          port,
          user: {
            type: 'string',
            title: 'Account',
            description: 'Default: the same.',
            pattern: `^(?:${accountName})$`,
          },
          hostKeys: { ...keys, title: 'Host keys', default: [] },
        },
        required: ['host'],
        additionalProperties: false,
      },
      'x-order': 5,
      'x-advanced': true,
    },
    nodeHostKeys: {
      ...keys,
      title: 'Host keys of compute nodes',
      description:
        'Keys that any host behind this one may show, beside those that the known_hosts files on this host vouch for.',
      'x-order': 6,
      'x-advanced': true,
    },
  },
  required: ['host'],
  additionalProperties: false,
};

/** Access settings, read. */
export interface Conf {
  readonly route: Route;
  readonly nodeKeys: readonly Pin[];
}

/**
 * Reads a resource's settings. They may come from a caller that didn't check them by the schema, so everything that
 * matters is checked again.
 * @param username account name, `undefined` where nobody said
 * @throws INVALID (field below `accessConf`), UNSUPPORTED
 */
export function confOf(conf: JsonObject, username: string | undefined, fallback: string | undefined): Conf {
  checkNames(conf, confSchema.properties, 'accessConf');
  const user = username ?? text(conf['user'], 'accessConf.user') ?? fallback;
  if (user === undefined || !whole(accountName).test(user)) {
    throw invalid(
      'accessConf.user',
      user === undefined ? 'No account on the host is named.' : `“${user}” is no name of an account.`,
    );
  }
  const target = hopOf(conf, user, 'accessConf');
  const jumps = list(conf['jump'], 'accessConf.jump').map((jump, index) =>
    jumpOf(jump, user, `accessConf.jump.${index}`),
  );
  const [first, ...rest] = jumps;
  const nodeKeys = parsePins(lines(conf['nodeHostKeys'], 'accessConf.nodeHostKeys'), 'accessConf.nodeHostKeys');
  return { route: first === undefined ? [target] : [first, ...rest, target], nodeKeys };
}

/** Whether something can be the name or address of a host. */
export function isHostName(name: string): boolean {
  return whole(`${hostName}|${ipv6}`).test(name);
}

function jumpOf(value: unknown, fallback: string, field: string): Hop {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(field, 'This is no host.');
  const jump = value as JsonObject;
  checkNames(jump, confSchema.properties.jump.items.properties, field);
  return hopOf(jump, text(jump['user'], `${field}.user`) ?? fallback, field);
}

function hopOf(conf: JsonObject, user: string, field: string): Hop {
  const name = text(conf['host'], `${field}.host`) ?? '';
  if (!isHostName(name)) throw invalid(`${field}.host`, `“${name}” is neither the name of a host nor an IP address.`);
  if (!whole(accountName).test(user)) throw invalid(`${field}.user`, `“${user}” is no name of an account.`);
  const pins = parsePins(lines(conf['hostKeys'], `${field}.hostKeys`), `${field}.hostKeys`);
  return { host: name, port: portOf(conf['port'], `${field}.port`), user, pins, field: `${field}.hostKeys` };
}

function portOf(value: unknown, field: string): number {
  const number = value ?? 22;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 1 || number > 65_535)
    throw invalid(field, `${JSON.stringify(number)} is not a port (1–65535).`);
  return number;
}

function text(value: unknown, field: string): string | undefined {
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw invalid(field, 'This must be a text.');
  return value;
}

function list(value: unknown, field: string): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw invalid(field, 'This must be a list.');
  return value;
}

function lines(value: unknown, field: string): readonly string[] {
  return list(value, field).map((line) => text(line, field) ?? '');
}

function checkNames(conf: JsonObject, known: object, field: string): void {
  const unknown = Object.keys(conf).find((name) => !(name in known));
  if (unknown !== undefined) throw invalid(`${field}.${unknown}`, `SSH has no setting “${unknown}”.`);
}

function whole(source: string): RegExp {
  return new RegExp(`^(?:${source})$`, 'u');
}

export function checkedPath(path: string, field: string): string {
  if (!matches('absolutePath', path))
    throw invalid(field, `“${path}” is not an absolute path (${grammar.absolutePath}).`);
  return path;
}
