import type { ComputingResource, JsonSchema } from '@stele/sdk';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const mebibyte = 1024 ** 2;
/** The least that a task can be given. */
export const leastMemory = 16 * mebibyte;

const subdomain = '[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?';
const qualified = `(?:${subdomain}/)?[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?`;
const labelValue = '(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?';
const path = '/(?!.*/\\.{1,2}(?:/|$))[A-Za-z0-9._/-]{1,255}';
const cidr = '[0-9A-Fa-f.:]{2,39}/[0-9]{1,3}';

const volume = Type.Object(
  {
    path: Type.String({
      pattern: `^${path}$`,
      title: 'Folder of storages',
      description: 'Storages with this base folder, or one below it, are in this volume.',
    }),
    claim: Type.Optional(
      Type.String({
        pattern: `^${subdomain}$`,
        title: 'Volume claim',
        description: 'A PersistentVolumeClaim of the namespace.',
      }),
    ),
    nfs: Type.Optional(
      Type.String({
        pattern: `^[A-Za-z0-9][A-Za-z0-9.-]{0,252}:${path}$`,
        title: 'NFS',
        description: 'Server and exported folder, as server:/folder.',
      }),
    ),
  },
  { additionalProperties: false },
);

const toleration = Type.Object(
  {
    key: Type.Optional(Type.String({ pattern: `^${qualified}$` })),
    operator: Type.Optional(Type.Enum(['Equal', 'Exists'])),
    value: Type.Optional(Type.String({ pattern: `^${labelValue}$` })),
    effect: Type.Optional(Type.Enum(['NoSchedule', 'PreferNoSchedule', 'NoExecute'])),
    tolerationSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
  },
  { additionalProperties: false },
);

const confSchema = Type.Object(
  {
    kubeconfig: Type.Optional(
      Type.String({
        title: 'Kubeconfig',
        description:
          'What “kubectl config view --raw --flatten --minify” prints. Empty: Stele runs in the cluster itself, or uses kubectl.',
        maxLength: 262_144,
        'x-secret': true,
        'x-multiline': true,
        'x-order': 1,
      }),
    ),
    context: Type.Optional(
      Type.String({
        title: 'Context',
        description: 'Which one of the kubeconfig’s. Empty: its current one.',
        pattern: '^[^\\u0000-\\u001f-][^\\u0000-\\u001f]{0,252}$',
        'x-order': 2,
        'x-advanced': true,
      }),
    ),
    kubeconfigFile: Type.Optional(
      Type.String({
        title: 'Kubeconfig on the host',
        description: 'Absolute path, where kubectl is used. Empty: what kubectl takes by itself.',
        pattern: '^/[^\\u0000-\\u001f]{1,255}$',
        'x-order': 3,
        'x-advanced': true,
      }),
    ),
    kubectl: Type.String({
      title: 'kubectl',
      description: 'Its name or path on the host, where it is used.',
      pattern: '^(?:/[^\\u0000-\\u001f]{1,255}|[a-z][a-z0-9._-]{0,62})$',
      default: 'kubectl',
      'x-order': 4,
      'x-advanced': true,
    }),
    namespace: Type.String({
      title: 'Namespace',
      description: 'Where tasks run; $USER becomes the user’s name.',
      pattern: '^(?:[a-z0-9-]|\\$USER){1,63}$',
      default: 'stele',
      examples: ['stele-$USER'],
      'x-order': 5,
    }),
    makeNamespaces: Type.Boolean({
      title: 'Make missing namespaces',
      description: 'When a task is launched. Otherwise the cluster’s administrators make them, with their quotas.',
      default: false,
      'x-order': 6,
      'x-advanced': true,
    }),
    reach: Type.Union(
      [
        Type.Literal('forward', { title: 'Through the cluster’s API' }),
        Type.Literal('pods', { title: 'In the network of the pods' }),
      ],
      {
        title: 'Way to tasks',
        description:
          'In the network of the pods connections are faster; the platform has to run in the cluster, or to have a route to it.',
        default: 'forward',
        'x-order': 7,
      },
    ),
    networks: Type.Array(Type.String({ pattern: `^${cidr}$` }), {
      title: 'Networks of the pods',
      description: 'E.g. 10.244.0.0/16. In these and no others the platform connects to tasks.',
      default: [],
      maxItems: 32,
      'x-order': 8,
    }),
    platform: Type.Array(Type.String({ pattern: `^${cidr}$` }), {
      title: 'Addresses of the platform',
      description:
        'As pods see them, e.g. 10.0.0.5/32: who gets to the interfaces of tasks in the pods’ network. Nobody else does.',
      default: [],
      maxItems: 32,
      'x-order': 9,
      'x-advanced': true,
    }),
    mayConnectOut: Type.Boolean({
      title: 'Tasks may open connections',
      description: 'To the network, but for the cloud’s metadata service.',
      default: true,
      'x-order': 10,
    }),
    memory: Type.Integer({
      title: 'Memory of a task',
      description: 'For tasks that ask for none.',
      minimum: leastMemory,
      default: 1024 * mebibyte,
      'x-unit': 'bytes',
      'x-order': 11,
    }),
    cpus: Type.Number({
      title: 'Processors of a task',
      description: 'For tasks that ask for none, fractions allowed.',
      minimum: 0.05,
      maximum: 1024,
      default: 1,
      'x-order': 12,
    }),
    time: Type.Optional(
      Type.Integer({
        title: 'Time of a task',
        description: 'For tasks that ask for none. Empty: no end.',
        minimum: 60,
        'x-unit': 'seconds',
        'x-order': 13,
      }),
    ),
    gpu: Type.String({
      title: 'GPU resource',
      description: 'As nodes advertise their GPUs.',
      pattern: `^${subdomain}/[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$`,
      default: 'nvidia.com/gpu',
      'x-order': 14,
      'x-advanced': true,
    }),
    user: Type.Integer({
      title: 'Number of the user in tasks',
      description:
        'With which the container runs, and its volumes’ group. 0: the user that the image names, who must not be root.',
      minimum: 0,
      maximum: 2_147_483_647,
      default: 1000,
      'x-order': 15,
      'x-advanced': true,
    }),
    nodeSelector: Type.Record(Type.String({ pattern: `^${qualified}$` }), Type.String({ pattern: `^${labelValue}$` }), {
      title: 'Labels of nodes',
      description: 'Tasks run only on nodes that have these.',
      default: {},
      'x-order': 16,
      'x-advanced': true,
    }),
    tolerations: Type.Array(toleration, {
      title: 'Tolerations',
      description: 'Taints of nodes that tasks put up with.',
      default: [],
      maxItems: 32,
      'x-order': 17,
      'x-advanced': true,
    }),
    pullSecrets: Type.Array(Type.String({ pattern: `^${subdomain}$` }), {
      title: 'Secrets for registries',
      description: 'Of the namespace, for images of all users.',
      default: [],
      maxItems: 16,
      'x-order': 18,
      'x-advanced': true,
    }),
    serviceAccount: Type.Optional(
      Type.String({
        pattern: `^${subdomain}$`,
        title: 'Service account of tasks',
        description: 'Its token is given to no task. Empty: the namespace’s default.',
        'x-order': 19,
        'x-advanced': true,
      }),
    ),
    priorityClass: Type.Optional(
      Type.String({ pattern: `^${subdomain}$`, title: 'Priority class', 'x-order': 20, 'x-advanced': true }),
    ),
    volumes: Type.Array(volume, {
      title: 'Volumes of storages',
      description: 'Where the folders of storages are, as the cluster knows them.',
      default: [],
      maxItems: 64,
      'x-order': 21,
      'x-advanced': true,
    }),
    hostPaths: Type.Boolean({
      title: 'Storages are folders of the nodes',
      description: 'Folders that no volume covers are mounted from the node. All nodes have to have them.',
      default: false,
      'x-order': 22,
      'x-advanced': true,
    }),
    stageSize: Type.Optional(
      Type.Integer({
        title: 'Room for files from elsewhere',
        description:
          'For each task that files are brought to, where it mounts no storage: the size of a volume that is claimed for it. Empty: none is.',
        minimum: 16 * mebibyte,
        'x-unit': 'bytes',
        'x-order': 22,
        'x-advanced': true,
      }),
    ),
    stageClass: Type.Optional(
      Type.String({
        pattern: `^${subdomain}$`,
        title: 'Storage class of that room',
        description: 'Empty: the cluster’s default.',
        'x-order': 22,
        'x-advanced': true,
      }),
    ),
    stageImage: Type.String({
      title: 'Image that copies files',
      description: 'Has a shell, and find, stat and dd as BusyBox or GNU have them.',
      pattern: '^[a-z0-9][A-Za-z0-9._:/@-]{0,254}$',
      default: 'docker.io/library/busybox:1.37',
      'x-order': 22,
      'x-advanced': true,
    }),
    grace: Type.Integer({
      title: 'Grace time',
      description: 'How long a task that is stopped may take before it is killed.',
      minimum: 2,
      maximum: 600,
      default: 10,
      'x-unit': 'seconds',
      'x-order': 23,
      'x-advanced': true,
    }),
    architectures: Type.Array(Type.Enum(['amd64', 'arm64', 'ppc64le', 's390x', 'riscv64']), {
      title: 'Architectures',
      description: 'Of the nodes, where the platform’s account may not look at them.',
      default: ['amd64'],
      'x-order': 24,
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
