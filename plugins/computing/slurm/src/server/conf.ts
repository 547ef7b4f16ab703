import type { ComputingResource, JsonSchema } from '@stele/sdk';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { word } from './grammar.ts';

const mebibyte = 1024 ** 2;
const network = '^[0-9A-Fa-f.:]{2,39}(?:/[0-9]{1,3})?$';

const confSchema = Type.Object(
  {
    reach: Type.Union(
      [
        Type.Literal('login', { title: 'From the login node' }),
        Type.Literal('jump', { title: 'By SSH to the compute node' }),
      ],
      {
        title: 'Way to tasks',
        description:
          'How a task’s port is reached. By SSH to the compute node it can stay on that node’s loopback, where the cluster lets users log in to nodes that run their jobs.',
        default: 'login',
        'x-order': 1,
      },
    ),
    openInterfaces: Type.Union([Type.Literal('warn', { title: 'Warn' }), Type.Literal('refuse', { title: 'Refuse' })], {
      title: 'Interfaces that ask for no password',
      description:
        'Others of the cluster get to a task’s port, unless its engine publishes it on its node’s loopback alone. Warn before such a launch, or allow only software that takes a password.',
      default: 'warn',
      'x-order': 1.5,
    }),
    restUrl: Type.Optional(
      Type.String({
        pattern: '^(?:https?://[A-Za-z0-9.:[\\]_-]+(?:/[A-Za-z0-9._~/-]*)?)?$',
        title: 'Slurm’s REST API',
        description:
          'Where slurmrestd listens, as the login node sees it; without one (access “api”), as the platform does. Empty: Slurm is asked by its commands on the login node.',
        examples: ['http://localhost:6820'],
        'x-address': true,
        'x-order': 1.6,
        'x-advanced': true,
      }),
    ),
    restKey: Type.Optional(
      Type.String({
        title: 'Key for tokens',
        description:
          'The cluster’s jwt_hs256.key, as “base64 -w0” prints it. Stele signs tokens with it, for each account that it has logged in as.',
        'x-secret': true,
        'x-order': 1.7,
        'x-advanced': true,
      }),
    ),
    restToken: Type.Optional(
      Type.String({
        title: 'Token',
        description:
          'Where Stele isn’t given the key. A token of one account serves that account; one of the Slurm user’s serves all.',
        'x-secret': true,
        'x-order': 1.8,
        'x-advanced': true,
      }),
    ),
    restCa: Type.Optional(
      Type.String({
        title: 'Certificates of the REST API',
        description: 'PEM, for an address with https whose certificate isn’t signed by a public authority.',
        'x-multiline': true,
        'x-order': 1.9,
        'x-advanced': true,
      }),
    ),
    networks: Type.Array(Type.String({ pattern: network }), {
      title: 'Networks of nodes',
      description:
        'Where the platform itself connects to tasks: it does so in these networks, and to no other address. Needed without a login node.',
      default: [],
      maxItems: 32,
      examples: [['10.20.0.0/16']],
      'x-order': 1.92,
      'x-advanced': true,
    }),
    callers: Type.Array(Type.String({ pattern: network }), {
      title: 'Networks that tasks call from',
      description:
        'Without a login node tasks call the platform. Where the nodes are behind a gateway: its address. Empty: the networks of nodes.',
      default: [],
      maxItems: 32,
      'x-order': 1.94,
      'x-advanced': true,
    }),
    callCa: Type.Optional(
      Type.String({
        title: 'Certificates of the platform',
        description:
          'PEM, for tasks that call the platform by https where its certificate isn’t signed by an authority that the nodes know.',
        pattern: '^(?:[A-Za-z0-9+/= \\r\\n-]{0,60000})$',
        'x-multiline': true,
        'x-order': 1.96,
        'x-advanced': true,
      }),
    ),
    engines: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9-]{0,62}$' }), {
      title: 'Engines',
      description: 'Container engines by preference. Offered is what answers on the login node.',
      default: ['singularity', 'podman', 'docker'],
      'x-order': 2,
      'x-advanced': true,
    }),
    partition: Type.Optional(
      Type.String({
        pattern: `^${word}$`,
        title: 'Partition',
        description: 'Empty: the cluster’s default.',
        'x-order': 3,
      }),
    ),
    account: Type.Optional(
      Type.String({ pattern: `^${word}$`, title: 'Account', description: 'Empty: each user’s default.', 'x-order': 4 }),
    ),
    qos: Type.Optional(
      Type.String({ pattern: `^${word}$`, title: 'Quality of service', 'x-order': 5, 'x-advanced': true }),
    ),
    cpus: Type.Integer({ title: 'Cores of a task', minimum: 1, maximum: 4096, default: 1, 'x-order': 6 }),
    memory: Type.Optional(
      Type.Integer({
        title: 'Memory of a task',
        description: 'For tasks that ask for none. Empty: the cluster’s default.',
        minimum: 16 * mebibyte,
        'x-unit': 'bytes',
        'x-order': 7,
      }),
    ),
    time: Type.Optional(
      Type.Integer({
        title: 'Time of a task',
        description: 'For tasks that ask for none. Empty: the partition’s default.',
        minimum: 60,
        'x-unit': 'seconds',
        'x-order': 8,
      }),
    ),
    nodes: Type.Integer({
      title: 'Most nodes of a task',
      description: 'The container runs on the first one.',
      minimum: 1,
      maximum: 1024,
      default: 1,
      'x-order': 9,
      'x-advanced': true,
    }),
    grace: Type.Integer({
      title: 'Grace time',
      description: 'How long a task that is stopped may take before Slurm ends it.',
      minimum: 0,
      // A stop is waited for, and the platform waits a minute for it.
      maximum: 40,
      default: 10,
      'x-unit': 'seconds',
      'x-order': 10,
      'x-advanced': true,
    }),
    requeue: Type.Boolean({
      title: 'Run again after a node failure',
      description: 'The task starts anew, without what it had in memory. Otherwise it has ended.',
      default: false,
      'x-order': 11,
      'x-advanced': true,
    }),
    folder: Type.Optional(
      Type.String({
        pattern: '^/(?!.*/\\.{1,2}(?:/|$))(?:[A-Za-z0-9._/-]|\\$USER){1,512}$',
        title: 'Folder for jobs',
        description:
          'Absolute path on a file system that all nodes share; $USER becomes the account’s name. Where others may make folders beside it, the one above has to be sticky, like /tmp. Empty: .stele in the account’s home.',
        'x-order': 12,
        'x-advanced': true,
      }),
    ),
    sandbox: Type.Optional(
      Type.String({
        pattern: '^/[A-Za-z0-9._/-]{1,255}$',
        title: 'Scratch folder of the nodes',
        description: 'Where containers have their home and temporary files. Empty: $TMPDIR, or /tmp.',
        'x-order': 13,
        'x-advanced': true,
      }),
    ),
    ports: Type.Optional(
      Type.String({
        pattern: '^[1-9][0-9]{3,4}-[1-9][0-9]{3,4}$',
        title: 'Ports of tasks',
        description: 'Range that the nodes’ firewalls let through. Empty: any free port.',
        examples: ['20000-29999'],
        'x-order': 14,
        'x-advanced': true,
      }),
    ),
    logLimit: Type.Integer({
      title: 'Longest log',
      description: 'The beginning of a longer one is cut away.',
      minimum: 64 * 1024,
      default: mebibyte,
      'x-unit': 'bytes',
      'x-order': 15,
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
export function confOf(resource: Pick<ComputingResource, 'conf'>): Conf {
  return Value.Default(confSchema, structuredClone(resource.conf)) as Conf;
}
