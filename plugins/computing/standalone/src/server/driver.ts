import type {
  Call,
  ComputingDescription,
  ComputingDriver,
  ComputingResource,
  ContainerEngine,
  ContainerSpec,
  EngineStatus,
  Host,
  HostService,
  JsonSchema,
  Launch,
  LaunchPreview,
  LogOptions,
  Observation,
  Reach,
  Registry,
  TaskHandle,
} from '@stele/sdk';
import { LeasingDialer, SteleError } from '@stele/sdk';
import { conf, confOf } from './conf.ts';
import { containerName, containerSpec, formatRef, parseRef, previewText } from './container.ts';
import { describe, options } from './description.ts';
import { type Candidate, EngineOrder, inEach, ownerOf, usable, type Usable } from './engines.ts';
import { checkExposure, exposuresOf } from './exposure.ts';
import { askMachine } from './machine.ts';
import { observe } from './observe.ts';
import { checkPublish, checkReach } from './publish.ts';

/** Runs tasks as detached containers of an engine on one host, however that host is reached. */
export class StandaloneDriver implements ComputingDriver {
  readonly title = 'Single host';
  readonly kind = 'standalone';
  readonly accepts = [
    { access: 'local', auth: ['none'] },
    { access: 'ssh', auth: ['user-keys', 'platform-keys'] },
    { access: 'tls', auth: ['platform-certificate'] },
  ] as const;
  readonly capabilities = { queues: false, extend: false, hold: false };
  readonly conf = conf;
  readonly #hosts: HostService;
  readonly #engines: EngineOrder;

  constructor(hosts: HostService, engines: Registry<ContainerEngine>) {
    this.#hosts = hosts;
    this.#engines = new EngineOrder(engines);
  }

  async describe(resource: ComputingResource, call: Call): Promise<ComputingDescription> {
    await using host = await this.#hosts.open(resource, call);
    checkPublish(confOf(resource), host);
    const candidates = this.#engines.candidates(resource, host);
    const [machine, found] = await Promise.all([askMachine(host, call.signal), usable(candidates, call.signal)]);
    await checkReach(confOf(resource), host, call.signal);
    return describe(
      { ...found[0]?.status.machine, ...machine },
      found.map(({ id, engine, status }) => ({ id, title: engine.title, status })),
      exposuresOf(confOf(resource), found),
    );
  }

  options(resource: ComputingResource, description: ComputingDescription): JsonSchema {
    return options(confOf(resource), description);
  }

  async preview(resource: ComputingResource, launch: Launch, call: Call): Promise<LaunchPreview> {
    await using host = await this.#hosts.open(resource, call);
    const { engine, operator, status } = await this.#engineFor(resource, launch, host, call.signal);
    const spec = this.#specOf(resource, launch, engine, status);
    const commands = await operator.preview(spec, call.signal);
    return { language: 'shell', text: previewText(commands, launch.env) };
  }

  async submit(
    resource: ComputingResource,
    launch: Launch,
    progress: (reason: string) => void,
    call: Call,
  ): Promise<string> {
    await using host = await this.#hosts.open(resource, call);
    checkPublish(confOf(resource), host);
    const { id, engine, operator, status } = await this.#engineFor(resource, launch, host, call.signal);
    const spec = this.#specOf(resource, launch, engine, status);
    const ref = formatRef({ engine: id, container: spec.name });
    const { phase } = (await operator.observe([spec.name], call.signal)).get(spec.name) ?? { phase: 'absent' };
    if (phase === 'running' || phase === 'ended') return ref;
    if (!(await operator.hasImage(launch.image, call.signal))) {
      progress('Fetching the image.');
      const { architecture, credentials } = launch;
      const access = { ...(architecture ? { architecture } : {}), ...(credentials ? { credentials } : {}) };
      await operator.pull(launch.image, { ...access, onProgress: progress }, call.signal);
    }
    progress('Starting the container.');
    await operator.start(spec, call.signal);
    return ref;
  }

  observe(
    resource: ComputingResource,
    tasks: readonly TaskHandle[],
    call: Call,
  ): Promise<ReadonlyMap<string, Observation>> {
    return observe(this.#hosts, this.#engines, resource, tasks, call);
  }

  async cancel(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    const { grace } = confOf(resource);
    await this.#eachPlace(resource, task, call, ({ operator }, name) => operator.stop(name, grace, call.signal));
  }

  async clean(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    await this.#eachPlace(resource, task, call, ({ operator }, name) => operator.remove(name, call.signal));
  }

  async *logs(
    resource: ComputingResource,
    task: TaskHandle,
    choices: LogOptions,
    call: Call,
  ): AsyncGenerator<Uint8Array> {
    await using host = await this.#open(resource, task, call);
    const { operator } = await this.#locate(resource, task, host, call.signal);
    yield* operator.logs(containerName(task.key), choices, call.signal);
  }

  async reach(resource: ComputingResource, task: TaskHandle, call: Call): Promise<Reach> {
    await using host = await this.#open(resource, task, call);
    const { operator } = await this.#locate(resource, task, host, call.signal);
    const name = containerName(task.key);
    const state = (await operator.observe([name], call.signal)).get(name);
    if (state?.phase !== 'running') throw new SteleError('CONFLICT', 'The task isn’t running.');
    if (state.address === undefined) throw new SteleError('CONFLICT', 'The task’s port isn’t published yet.');
    const { isDirect } = host;
    const open = (until: AbortSignal) => this.#hosts.open(resource, { ...call, who: task.who, signal: until });
    return { address: state.address, via: new LeasingDialer({ open, isDirect, log: call.log }) };
  }

  #specOf(
    resource: ComputingResource,
    launch: Launch,
    engine: ContainerEngine,
    { limits }: EngineStatus,
  ): ContainerSpec {
    const settings = confOf(resource);
    checkExposure(launch, settings, engine);
    return containerSpec(launch, settings, { canLimit: limits, hasSockets: engine.capabilities.sockets === true });
  }

  #open(resource: ComputingResource, task: TaskHandle, call: Call): Promise<Host> {
    return this.#hosts.open(resource, { ...call, who: task.who });
  }

  /**
   * The engine that a launch runs in: the one it names; else the one that has its container already, as after a crash;
   * else the first that works.
   */
  async #engineFor(resource: ComputingResource, launch: Launch, host: Host, signal: AbortSignal): Promise<Usable> {
    const name = containerName(launch.key);
    const candidates = launch.engine
      ? [this.#engines.one(launch.engine.id, host)]
      : this.#engines.candidates(resource, host);
    const found = await usable(candidates, signal, { maxAge: 60 });
    const owner = found.length > 1 ? await ownerOf(found, name, signal) : undefined;
    return owner ?? (found[0] as Usable);
  }

  /** The engine that has a task. NOT_FOUND when none does. */
  async #locate(resource: ComputingResource, task: TaskHandle, host: Host, signal: AbortSignal): Promise<Candidate> {
    if (task.ref !== undefined) return this.#engines.one(parseRef(task.ref).engine, host);
    const owner = await ownerOf(this.#engines.candidates(resource, host), containerName(task.key), signal);
    if (owner === undefined) throw new SteleError('NOT_FOUND', 'The task left nothing on this host.');
    return owner;
  }

  /** Does `work` wherever the task may be: where its reference says, or in each engine that is there. */
  async #eachPlace(
    resource: ComputingResource,
    task: TaskHandle,
    call: Call,
    work: (candidate: Candidate, name: string) => Promise<void>,
  ): Promise<void> {
    const name = containerName(task.key);
    await using host = await this.#open(resource, task, call);
    if (task.ref !== undefined) return await work(this.#engines.one(parseRef(task.ref).engine, host), name);
    await inEach(this.#engines.candidates(resource, host), (candidate) => work(candidate, name));
  }
}
