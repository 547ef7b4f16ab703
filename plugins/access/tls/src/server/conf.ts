import type { JsonObject, JsonSchema } from '@stele/sdk';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { invalid } from './errors.ts';

const hostName = '[A-Za-z0-9](?:[A-Za-z0-9._-]{0,252}[A-Za-z0-9])?';
const ipv6 = '[0-9A-Fa-f:]{2,39}';
const pem = { pattern: '^\\s*-----BEGIN ', maxLength: 65_536, 'x-multiline': true } as const;

const schema = Type.Object(
  {
    host: Type.String({
      title: 'Host',
      description: 'Name or IP address.',
      pattern: `^(?:${hostName}|${ipv6})$`,
      'x-order': 1,
    }),
    port: Type.Integer({ title: 'Port', minimum: 1, maximum: 65_535, default: 2376, 'x-order': 2 }),
    ca: Type.String({
      ...pem,
      title: 'Certificate authority',
      description: 'Its certificate (PEM): the host has to show one that it signed.',
      'x-order': 3,
    }),
    certificate: Type.String({
      ...pem,
      title: 'Certificate',
      description: 'What the platform shows (PEM), with the certificates between it and the authority.',
      'x-order': 4,
    }),
    key: Type.String({
      ...pem,
      title: 'Key of the certificate',
      description: 'PEM, without a passphrase.',
      'x-secret': true,
      'x-order': 5,
    }),
    networks: Type.Array(Type.String({ pattern: '^[0-9A-Fa-f.:]{2,39}(?:/[0-9]{1,3})?$' }), {
      title: 'Networks of tasks',
      description:
        'Where interfaces of tasks may listen, e.g. 10.20.0.0/16. The platform connects to addresses in these and to no others.',
      default: [],
      maxItems: 32,
      'x-order': 6,
    }),
    serverName: Type.Optional(
      Type.String({
        title: 'Name in the certificate',
        description: 'Where the host’s certificate names another than the host above.',
        pattern: `^(?:${hostName}|${ipv6})$`,
        'x-order': 7,
        'x-advanced': true,
      }),
    ),
  },
  { additionalProperties: false },
);

/** Access settings, read. */
export type Conf = Static<typeof schema>;

/** What a resource says to be reached by TLS. */
export const confSchema: JsonSchema = { ...schema };

/**
 * Reads a resource's settings, which may come from a caller that didn't check them by the schema.
 * @throws INVALID (field below `accessConf`)
 */
export function confOf(conf: JsonObject): Conf {
  const filled = Value.Default(schema, structuredClone(conf));
  if (Value.Check(schema, filled)) return filled;
  const [first] = Value.Errors(schema, filled);
  const path = first?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  const [missing] = schema.required.filter((name) => !(name in (filled as object)));
  throw invalid(path === '' ? (missing ?? 'host') : path, 'This is missing, or is not what belongs here.');
}
