import { formatImage, type Identity, type Launch, matches, SteleError } from '@stele/sdk';
import type { Conf } from '../conf.ts';
import { annotationsOf, objectName, ownLabels, type Place, pullSecretName, taskLabel } from '../names.ts';
import { type Wish, wishOf } from './options.ts';
import { mountsOf, stageMounts } from './volumes.ts';

/** Everything that a launch makes in the cluster, in the order in which it is made. */
export interface Manifests {
  readonly place: Place;
  /** The environment. */
  readonly secret: object;
  /** Credentials for the image's registry, where there are some. */
  readonly pullSecret?: object;
  readonly policy: object;
  /** The pod, or the job that makes it. */
  readonly pod: object;
}

/** What a launch makes. Pure. INVALID for what no pod can be. */
export function manifestsOf(launch: Launch, conf: Conf, who: Identity, namespace: string): Manifests {
  const name = objectName(launch.key);
  checkEnvironment(launch.env);
  if (launch.interface.transport !== 'tcp') {
    throw new SteleError('UNSUPPORTED', 'Interfaces over UDP can’t be reached in a cluster.', { field: 'interface' });
  }
  const labels = { ...ownLabels, [taskLabel]: launch.key };
  const metadata = { name, namespace, labels };
  const credentials = launch.credentials === undefined ? {} : { pullSecret: pullSecretOf(launch, metadata) };
  const wish = wishOf(launch.options, conf);
  const annotations = annotationsOf(launch.name, who);
  const pod = { metadata: { ...metadata, annotations }, spec: specOf(launch, wish, conf) };
  return {
    place: { namespace, name, isJob: wish.asJob },
    secret: { apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData: launch.env },
    ...credentials,
    policy: policyOf(launch, conf, metadata),
    pod: wish.asJob ? jobOf(pod) : { apiVersion: 'v1', kind: 'Pod', ...pod },
  };
}

/** A job that makes one pod, and no other when that has failed. Its time is the pod’s: a job’s own end takes its pod, and the log, away. */
function jobOf({ metadata, spec }: { readonly metadata: Metadata & { annotations: object }; spec: object }): object {
  const { labels, annotations } = metadata;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata,
    spec: {
      ...{ parallelism: 1, completions: 1, backoffLimit: 0 },
      template: { metadata: { labels, annotations }, spec },
    },
  };
}

type Metadata = Place & { readonly labels: Readonly<Record<string, string>> };

function checkEnvironment(env: Launch['env']): void {
  for (const [name, value] of Object.entries(env)) {
    if (!matches('envName', name)) {
      throw new SteleError('INVALID', `“${name}” can’t be the name of a variable.`, { field: 'env' });
    }
    if (!matches('envValue', value)) {
      throw new SteleError('INVALID', `The variable ${name} has a value that can’t be passed on.`, { field: 'env' });
    }
  }
}

function pullSecretOf({ key, image, credentials }: Launch, metadata: Metadata): object {
  const { username = '', password = '' } = credentials ?? {};
  const auth = Buffer.from(`${username}:${password}`).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...metadata, name: pullSecretName(key) },
    type: 'kubernetes.io/dockerconfigjson',
    stringData: { '.dockerconfigjson': JSON.stringify({ auths: { [image.registry]: { username, password, auth } } }) },
  };
}

/** Addresses at which clouds tell their machines who they are, and with which rights. */
const metadataServices = ['169.254.0.0/16', 'fe80::/10'];

/** Nobody gets in but the platform, where it connects to pods at all. A port-forward comes from the node itself, and passes. */
function policyOf({ key, interface: { port } }: Launch, conf: Conf, metadata: Metadata): object {
  const [v4 = '', v6 = ''] = metadataServices;
  const anywhere = [
    { ipBlock: { cidr: '0.0.0.0/0', except: [v4] } },
    { ipBlock: { cidr: '::/0', except: [v6] } },
    // Some networks don't count pods among addresses.
    { namespaceSelector: {} },
  ];
  const platform = conf.platform.map((cidr) => ({ ipBlock: { cidr } }));
  const isDialled = conf.reach === 'pods' && platform.length > 0;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata,
    spec: {
      podSelector: { matchLabels: { [taskLabel]: key } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: isDialled ? [{ from: platform, ports: [{ port, protocol: 'TCP' }] }] : [],
      egress: conf.mayConnectOut ? [{ to: anywhere }] : [],
    },
  };
}

function specOf(launch: Launch, wish: Wish, conf: Conf): object {
  const stored = mountsOf(launch.binds, conf);
  const own = launch.stage === undefined ? undefined : stageMounts(launch.key, launch.stage);
  const runtime = launch.engine?.runtime;
  const pulls = [...conf.pullSecrets, ...(launch.credentials === undefined ? [] : [pullSecretName(launch.key)])];
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: conf.grace,
    ...(wish.time === undefined ? {} : { activeDeadlineSeconds: wish.time }),
    ...(conf.serviceAccount === undefined ? {} : { serviceAccountName: conf.serviceAccount }),
    ...(conf.priorityClass === undefined ? {} : { priorityClassName: conf.priorityClass }),
    ...(runtime === undefined ? {} : { runtimeClassName: runtime }),
    nodeSelector: conf.nodeSelector,
    tolerations: conf.tolerations,
    ...affinityOf(launch),
    imagePullSecrets: pulls.map((name) => ({ name })),
    securityContext: podSecurity(conf.user),
    volumes: [...stored.volumes, ...(own?.volumes ?? [])],
    containers: [containerOf(launch, resourcesOf(wish, conf), [...stored.volumeMounts, ...(own?.volumeMounts ?? [])])],
  };
}

/** What all containers of a pod of ours are denied. @param user 0: the one that the image names */
export function podSecurity(user: number): object {
  return {
    runAsNonRoot: true,
    ...(user === 0 ? {} : { runAsUser: user, runAsGroup: user, fsGroup: user }),
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** What a container of ours is denied. */
export const containerSecurity: object = {
  allowPrivilegeEscalation: false,
  privileged: false,
  capabilities: { drop: ['ALL'] },
};

function containerOf(launch: Launch, resources: object, volumeMounts: readonly object[]): object {
  return {
    name: 'task',
    image: formatImage(launch.image),
    ports: [{ name: 'interface', containerPort: launch.interface.port, protocol: 'TCP' }],
    envFrom: [{ secretRef: { name: objectName(launch.key) } }],
    resources,
    securityContext: containerSecurity,
    volumeMounts,
  };
}

function affinityOf({ architecture }: Launch): object {
  if (architecture === undefined) return {};
  const name = architecture.split('/')[0] ?? architecture;
  const matchExpressions = [{ key: 'kubernetes.io/arch', operator: 'In', values: [name] }];
  const nodeSelectorTerms = [{ matchExpressions }];
  return {
    affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
  };
}

function resourcesOf({ memory, cpus, gpus }: Wish, conf: Conf): object {
  const amounts = {
    memory: String(memory),
    cpu: `${Math.round(cpus * 1000)}m`,
    ...(gpus > 0 ? { [conf.gpu]: String(gpus) } : {}),
  };
  return { requests: amounts, limits: amounts };
}
