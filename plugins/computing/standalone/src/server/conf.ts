import type { ComputingResource, JsonSchema } from '@stele/sdk';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const mebibyte = 1024 ** 2;
/** The least that a task can be given. */
export const leastMemory = 64 * mebibyte;

const confSchema = Type.Object(
  {
    engines: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }), {
      title: 'Engines',
      description: 'Container engines by preference; the first that works is used.',
      default: ['podman', 'docker'],
      'x-order': 1,
      'x-advanced': true,
    }),
    grace: Type.Integer({
      title: 'Grace time',
      description: 'How long a task that is stopped may take before it is killed.',
      minimum: 0,
      // A stop is waited for, and the platform waits a minute for it.
      maximum: 45,
      default: 10,
      'x-unit': 'seconds',
      'x-order': 2,
      'x-advanced': true,
    }),
    memory: Type.Optional(
      Type.Integer({
        title: 'Memory of a task',
        description: 'Limit for tasks that ask for none. Empty: no limit.',
        minimum: leastMemory,
        'x-unit': 'bytes',
        'x-order': 3,
      }),
    ),
    cpus: Type.Optional(
      Type.Number({
        title: 'Processors of a task',
        description: 'Limit for tasks that ask for none, fractions allowed. Empty: no limit.',
        minimum: 0.1,
        'x-order': 4,
      }),
    ),
    publish: Type.Optional(
      Type.String({
        title: 'Address of interfaces',
        description:
          'IPv4 address of the host at which interfaces of tasks listen. Needed where the host is reached by TLS: one of a network that only the platform gets to. Default: the host’s loopback.',
        pattern: '^\\d{1,3}(?:\\.\\d{1,3}){3}$',
        'x-order': 5,
        'x-advanced': true,
      }),
    ),
    openInterfaces: Type.Union([Type.Literal('warn', { title: 'Warn' }), Type.Literal('refuse', { title: 'Refuse' })], {
      title: 'Interfaces that ask for no password',
      description:
        'Others get to a task’s interface where its container shares the network of the host, as with Apptainer, or where they have accounts on the host. Warn before such a launch, or allow only software that takes a password.',
      default: 'warn',
      'x-order': 6,
      'x-advanced': true,
    }),
    shared: Type.Boolean({
      title: 'Others have accounts on the host',
      description: 'Whoever is on a host gets to the ports of its loopback, where interfaces of tasks listen.',
      default: false,
      'x-order': 7,
      'x-advanced': true,
    }),
  },
  { additionalProperties: false },
);

/** Settings of a resource. */
export type Conf = Static<typeof confSchema>;

/** The schema of {@link Conf}. */
export const conf: JsonSchema = { ...confSchema };

/** A resource's settings with defaults filled in, also for one that was stored before a setting came to be. */
export function confOf(resource: ComputingResource): Conf {
  return Value.Default(confSchema, structuredClone(resource.conf)) as Conf;
}
