import type { ComputingResource, JsonSchema } from '@stele/sdk';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { sizes } from './sizes.ts';

const roleArn = '^arn:aws[a-z-]*:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512}$';
const endpoint = '^https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?/?$';

const where = {
  region: Type.String({
    title: 'Region',
    description: 'As AWS calls it.',
    pattern: '^[a-z]{2}(?:-[a-z]+)+-[0-9]{1,2}$',
    examples: ['eu-central-1'],
    'x-address': true,
    'x-order': 1,
  }),
  cluster: Type.String({
    title: 'Cluster',
    description: 'Name of the ECS cluster.',
    pattern: '^[A-Za-z0-9_-]{1,255}$',
    default: 'default',
    'x-order': 2,
  }),
  subnets: Type.Array(Type.String({ pattern: '^subnet-[0-9a-f]{8,17}$' }), {
    title: 'Subnets',
    description: 'Where tasks get their addresses. They have to lead to the image’s registry and to CloudWatch.',
    minItems: 1,
    maxItems: 16,
    'x-order': 3,
  }),
  securityGroups: Type.Array(Type.String({ pattern: '^sg-[0-9a-f]{8,17}$' }), {
    title: 'Security groups',
    description: 'They decide who reaches interfaces of tasks: let the platform in, and nobody else.',
    minItems: 1,
    maxItems: 5,
    'x-order': 4,
  }),
  networks: Type.Array(Type.String({ pattern: '^[0-9A-Fa-f.:]{2,39}(?:/[0-9]{1,3})?$' }), {
    title: 'Networks of tasks',
    description:
      'The networks of those subnets, e.g. 10.20.0.0/16. The platform connects to addresses in these and to no others.',
    minItems: 1,
    maxItems: 32,
    'x-order': 5,
  }),
  assignPublicIp: Type.Boolean({
    title: 'Public addresses',
    description:
      'Where the subnets have no NAT gateway: tasks fetch their images through a public address of their own.',
    default: false,
    'x-order': 6,
    'x-advanced': true,
  }),
};

const what = {
  executionRole: Type.String({
    title: 'Execution role',
    description: 'ARN of the role with which ECS fetches images and writes logs.',
    pattern: roleArn,
    'x-order': 7,
  }),
  taskRole: Type.Optional(
    Type.String({
      title: 'Role of tasks',
      description: 'ARN of a role that every task may take. Empty: tasks have no rights in AWS.',
      pattern: roleArn,
      'x-order': 8,
      'x-advanced': true,
    }),
  ),
  logGroup: Type.String({
    title: 'Log group',
    description: 'Of CloudWatch. It has to be there.',
    pattern: '^[A-Za-z0-9_./#-]{1,512}$',
    default: '/stele/tasks',
    'x-order': 9,
  }),
};

const howMuch = {
  cpus: Type.Number({
    title: 'Processors of a task',
    description: 'For tasks that ask for none.',
    enum: sizes.map(({ cpus }) => cpus),
    default: 1,
    'x-order': 10,
  }),
  mostCpus: Type.Number({
    title: 'Most processors of a task',
    enum: sizes.map(({ cpus }) => cpus),
    default: 16,
    'x-order': 11,
    'x-advanced': true,
  }),
  grace: Type.Integer({
    title: 'Grace time',
    description: 'How long a task that is stopped may take before it is killed.',
    minimum: 2,
    maximum: 120,
    default: 30,
    'x-unit': 'seconds',
    'x-order': 12,
    'x-advanced': true,
  }),
};

const how = {
  endpoint: Type.Optional(
    Type.String({
      title: 'Endpoint of ECS',
      description: 'Empty: AWS itself, by the region. Without TLS only on this machine.',
      pattern: endpoint,
      maxLength: 300,
      'x-address': true,
      'x-order': 13,
      'x-advanced': true,
    }),
  ),
  logsEndpoint: Type.Optional(
    Type.String({
      title: 'Endpoint of CloudWatch Logs',
      description: 'Empty: AWS itself, by the region.',
      pattern: endpoint,
      maxLength: 300,
      'x-address': true,
      'x-order': 14,
      'x-advanced': true,
    }),
  ),
  ca: Type.Optional(
    Type.String({
      title: 'Certificate authority',
      description: 'Where an endpoint’s certificate comes from an authority of your own: its certificate, PEM.',
      pattern: '^\\s*-----BEGIN CERTIFICATE-----',
      maxLength: 100_000,
      'x-multiline': true,
      'x-address': true,
      'x-order': 15,
      'x-advanced': true,
    }),
  ),
};

const schema = Type.Object({ ...where, ...what, ...howMuch, ...how }, { additionalProperties: false });

/** Settings of a resource. */
export type Conf = Static<typeof schema>;

/** The schema of {@link Conf}. */
export const conf: JsonSchema = { ...schema };

/** A resource’s settings with defaults filled in, also for one that was stored before a setting came to be. */
export function confOf(resource: Pick<ComputingResource, 'conf'>): Conf {
  return Value.Default(schema, structuredClone(resource.conf)) as Conf;
}
