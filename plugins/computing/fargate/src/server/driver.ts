import type {
  Call,
  ComputingDescription,
  ComputingDriver,
  ComputingResource,
  Dialer,
  DirectDialService,
  JsonSchema,
  Launch,
  LaunchPreview,
  LogOptions,
  Observation,
  Reach,
  TaskEvent,
  TaskHandle,
} from '@stele/sdk';
import { accessKeysSchema, checkNetworks, networkDialers, SteleError } from '@stele/sdk';
import type { Cloud } from './aws/cloud.ts';
import type { Connections } from './aws/connections.ts';
import type { Cleared } from './cleared.ts';
import { conf, confOf } from './conf.ts';
import { descriptionOf, optionsOf } from './description.ts';
import { find } from './find.ts';
import { streamOf } from './launch/definition.ts';
import { Definitions } from './launch/definitions.ts';
import { previewOf } from './launch/request.ts';
import { submit } from './launch/submit.ts';
import { noLog, readLog } from './logs.ts';
import { stopWords } from './observe/ending.ts';
import { eventsOf } from './observe/events.ts';
import { observe } from './observe/observe.ts';
import { reachOf } from './reach.ts';
import { timing, type Timing } from './timing.ts';

/** Milliseconds for what is taken away also for who has left. */
const discarding = 30_000;

/** Runs tasks on AWS Fargate, by the API of ECS. */
export class FargateDriver implements ComputingDriver {
  readonly title = 'AWS Fargate';
  readonly kind = 'cluster';
  // Nobody’s own keys: who chose the endpoint and the networks could have the platform connect to anything in them.
  readonly accepts = [{ access: 'api', auth: ['platform-token', 'none'] }] as const;
  readonly capabilities = {
    queues: false,
    extend: false,
    hold: false,
    bringsEngine: true,
    registryCredentials: false,
  };
  readonly conf = conf;
  readonly credentials = accessKeysSchema;
  readonly #connections: Connections;
  readonly #dialerFor: (networks: readonly string[]) => Dialer;
  readonly #cleared: Cleared;
  readonly #timing: Timing;
  readonly #definitions = new Definitions();
  readonly #proven = new Set<string>();

  constructor(connections: Connections, direct: DirectDialService, cleared: Cleared, patience: Timing = timing) {
    this.#connections = connections;
    this.#dialerFor = networkDialers(direct);
    this.#cleared = cleared;
    this.#timing = patience;
  }

  async describe(resource: ComputingResource, call: Call): Promise<ComputingDescription> {
    using lease = await this.#connections.open(resource, call);
    const cloud = lease.thing;
    const settings = confOf(resource);
    // Before a task is run that nobody could reach.
    checkNetworks(settings.networks, 'conf.networks');
    const [cluster, hasLogGroup] = await Promise.all([cloud.cluster(call.signal), cloud.hasLogGroup(call.signal)]);
    if (hasLogGroup) return descriptionOf(settings, cluster);
    const message = `CloudWatch has no log group “${settings.logGroup}” in ${settings.region}. Make it, or name another.`;
    throw new SteleError('NOT_FOUND', message, { field: 'conf.logGroup' });
  }

  options(resource: ComputingResource, description: ComputingDescription): JsonSchema {
    return optionsOf(confOf(resource), description);
  }

  async preview(resource: ComputingResource, launch: Launch): Promise<LaunchPreview> {
    return previewOf(launch, confOf(resource));
  }

  async submit(
    resource: ComputingResource,
    launch: Launch,
    progress: (reason: string) => void,
    call: Call,
  ): Promise<string> {
    using lease = await this.#connections.open(resource, call);
    const cloud = lease.thing;
    const parts = { cloud, conf: confOf(resource), definitions: this.#definitions, proven: this.#proven };
    const discard = (id: string): Promise<void> => this.#remove(cloud, resource, id, AbortSignal.timeout(discarding));
    return await submit({ ...parts, timing: this.#timing, discard }, launch, progress, call);
  }

  async observe(
    resource: ComputingResource,
    tasks: readonly TaskHandle[],
    call: Call,
  ): Promise<ReadonlyMap<string, Observation>> {
    using lease = await this.#connections.open(resource, call);
    const cleared = (ids: readonly string[]): Promise<ReadonlySet<string>> => this.#cleared.of(resource.id, ids);
    const parts = { cloud: lease.thing, cleared, consistency: this.#timing.consistency, now: Date.now };
    return await observe(parts, tasks, call.signal);
  }

  async cancel(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    using lease = await this.#connections.open(resource, call);
    const found = await find(lease.thing, task, call.signal);
    if (found !== undefined) await lease.thing.stop(found.id, stopWords, call.signal);
  }

  async clean(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    using lease = await this.#connections.open(resource, call);
    const found = await find(lease.thing, task, call.signal);
    if (found !== undefined) await this.#remove(lease.thing, resource, found.id, call.signal);
  }

  async *logs(
    resource: ComputingResource,
    task: TaskHandle,
    options: LogOptions,
    call: Call,
  ): AsyncGenerator<Uint8Array> {
    using lease = await this.#connections.open(resource, call);
    const cloud = lease.thing;
    const found = await find(cloud, task, call.signal);
    if (found === undefined || (await this.#cleared.of(resource.id, [found.id])).size > 0) throw noLog();
    yield* readLog({ cloud, id: found.id, timing: this.#timing, signal: call.signal }, options);
  }

  async events(resource: ComputingResource, task: TaskHandle, call: Call): Promise<readonly TaskEvent[]> {
    using lease = await this.#connections.open(resource, call);
    const found = await find(lease.thing, task, call.signal);
    if (found === undefined) return [];
    const seen = (await lease.thing.describe([found.id], call.signal)).tasks.get(found.id);
    return seen === undefined ? [] : eventsOf(seen);
  }

  async reach(resource: ComputingResource, task: TaskHandle, call: Call): Promise<Reach> {
    using lease = await this.#connections.open(resource, call);
    const found = await find(lease.thing, task, call.signal);
    if (found === undefined) throw new SteleError('CONFLICT', 'The task isn’t running.');
    const via = this.#dialerFor(confOf(resource).networks);
    return await reachOf(lease.thing, found.id, via, call.signal);
  }

  /** The definition stays, for whoever runs the same again. */
  async #remove(cloud: Cloud, resource: ComputingResource, id: string, signal: AbortSignal): Promise<void> {
    await cloud.stop(id, 'Not needed any more.', signal);
    await cloud.removeStream(streamOf(id), signal);
    await this.#cleared.add(resource.id, id, signal);
  }
}
