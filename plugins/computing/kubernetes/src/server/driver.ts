import type {
  Call,
  ComputingDescription,
  ComputingDriver,
  ComputingResource,
  Dialer,
  JsonSchema,
  Launch,
  LaunchPreview,
  LogOptions,
  Observation,
  Reach,
  TaskEvent,
  TaskHandle,
} from '@stele/sdk';
import { SteleError } from '@stele/sdk';
import { stringify } from 'yaml';
import { cancel } from './cancel.ts';
import { clean } from './clean.ts';
import type { Cluster } from './cluster.ts';
import type { Clusters } from './clusters.ts';
import { conf, confOf } from './conf.ts';
import { askCluster, describe, engine } from './description.ts';
import { eventsOf } from './events.ts';
import { submit } from './launch/submit.ts';
import { readLog } from './logs.ts';
import { isPerUser, namespaceOf, type Place } from './names.ts';
import { observe, placeOf } from './observe.ts';
import { judge } from './pod/judge.ts';
import { type Manifests, manifestsOf } from './pod/manifest.ts';
import { options } from './pod/options.ts';
import type { PodSeen } from './pod/seen.ts';
import { previewText } from './preview.ts';
import { KubernetesStage } from './stage/stage.ts';

/** Runs tasks as pods of a Kubernetes cluster, by its API or by kubectl, however that is reached. */
export class KubernetesDriver implements ComputingDriver {
  readonly title = 'Kubernetes cluster';
  readonly kind = 'cluster';
  readonly accepts = [
    { access: 'api', auth: ['platform-certificate'] },
    { access: 'ssh', auth: ['platform-keys', 'user-keys'] },
    { access: 'local', auth: ['none'] },
  ] as const;
  readonly capabilities = { queues: true, extend: false, hold: false, bringsEngine: true };
  readonly conf = conf;
  readonly stage: KubernetesStage;
  readonly #clusters: Clusters;
  readonly #dialPods: (networks: readonly string[]) => Dialer;

  constructor(clusters: Clusters, dialPods: (networks: readonly string[]) => Dialer) {
    this.#clusters = clusters;
    this.stage = new KubernetesStage(clusters);
    this.#dialPods = dialPods;
  }

  async describe(resource: ComputingResource, call: Call): Promise<ComputingDescription> {
    const settings = confOf(resource);
    const cluster = this.#clusters.of(resource, call);
    const api = await cluster.api();
    const namespace =
      isPerUser(settings.namespace) && call.who.kind !== 'user' ? undefined : namespaceOf(settings.namespace, call.who);
    const place = { where: api.way.name, watchAge: cluster.watchAge };
    return describe(await askCluster(api, namespace, call.signal), settings, place);
  }

  options(resource: ComputingResource, description: ComputingDescription): JsonSchema {
    return options(confOf(resource), description);
  }

  async preview(resource: ComputingResource, launch: Launch, call: Call): Promise<LaunchPreview> {
    return { language: 'yaml', text: previewText(manifests(resource, launch, call), stringify) };
  }

  async submit(
    resource: ComputingResource,
    launch: Launch,
    progress: (reason: string) => void,
    call: Call,
  ): Promise<string> {
    const submission = {
      cluster: this.#clusters.of(resource, call),
      conf: confOf(resource),
      key: launch.key,
      manifests: manifests(resource, launch, call),
      progress,
    };
    return submit(submission, call);
  }

  observe(
    resource: ComputingResource,
    tasks: readonly TaskHandle[],
    call: Call,
  ): Promise<ReadonlyMap<string, Observation>> {
    return observe(this.#clusters, resource, tasks, call);
  }

  async cancel(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    const place = placeOf(resource, task);
    await cancel(this.#of(resource, task, call), place, call.signal);
  }

  async clean(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    const place = placeOf(resource, task);
    await clean(this.#of(resource, task, call), place, task.key, call.signal);
  }

  async *logs(
    resource: ComputingResource,
    task: TaskHandle,
    choices: LogOptions,
    call: Call,
  ): AsyncGenerator<Uint8Array> {
    const place = placeOf(resource, task);
    yield* readLog(this.#of(resource, task, call), place, choices, call.signal);
  }

  async events(resource: ComputingResource, task: TaskHandle, call: Call): Promise<readonly TaskEvent[]> {
    const place = placeOf(resource, task);
    return eventsOf(this.#of(resource, task, call), place, call.signal);
  }

  async reach(resource: ComputingResource, task: TaskHandle, call: Call): Promise<Reach> {
    const cluster = this.#of(resource, task, call);
    const pod = await running(cluster, placeOf(resource, task), call.signal);
    const { reach, networks } = confOf(resource);
    if (reach === 'forward') {
      return {
        address: { host: `${pod.name}.${pod.namespace}`, port: pod.port },
        via: cluster.dialerOf({ ...pod, name: pod.pod ?? pod.name }),
      };
    }
    if (pod.address === undefined) throw new SteleError('CONFLICT', 'The task’s pod has no address yet.');
    return { address: { host: pod.address, port: pod.port }, via: this.#dialPods(networks) };
  }

  /** The cluster as the task's own account sees it. */
  #of(resource: ComputingResource, task: TaskHandle, call: Call): Cluster {
    return this.#clusters.of(resource, { ...call, who: task.who });
  }
}

function manifests(resource: ComputingResource, launch: Launch, call: Call): Manifests {
  const settings = confOf(resource);
  if (launch.engine !== undefined && launch.engine.id !== engine) {
    const message = `A Kubernetes cluster has no engine “${launch.engine.id}”: its nodes bring their own.`;
    throw new SteleError('UNSUPPORTED', message, { field: 'engine.id' });
  }
  return manifestsOf(launch, settings, call.who, namespaceOf(settings.namespace, call.who));
}

async function running(
  cluster: Cluster,
  place: Place,
  signal: AbortSignal,
): Promise<PodSeen & { readonly port: number }> {
  const pod = (await cluster.seen(signal)).get(place);
  if (pod === undefined || judge(pod, Date.now()).phase !== 'running') {
    throw new SteleError('CONFLICT', 'The task isn’t running.');
  }
  if (pod.port === undefined) throw new SteleError('PROTOCOL', 'The task’s pod names no port.');
  return { ...pod, port: pod.port };
}
