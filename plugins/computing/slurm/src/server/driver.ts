import type {
  Call,
  ComputingDescription,
  ComputingDriver,
  ComputingResource,
  Dialer,
  Host,
  HostService,
  JsonSchema,
  Launch,
  LaunchPreview,
  LogOptions,
  Observation,
  Reach,
  TaskEvent,
  TaskHandle,
} from '@stele/sdk';
import { networkDialers, SteleError, Turns } from '@stele/sdk';
import { credentials } from './calling/account.ts';
import { CallingTasks, type CallingParts } from './calling/calling.ts';
import { cancel } from './cancel.ts';
import { clean } from './clean.ts';
import { Cluster } from './cluster.ts';
import { CommandScheduler } from './commands/scheduler.ts';
import { conf, confOf } from './conf.ts';
import { askCluster, describe } from './description/description.ts';
import { chooseEngine, findEngines } from './description/engines.ts';
import { options } from './description/options.ts';
import { jobName, parseRef } from './grammar.ts';
import { foldersOf, keptFolders } from './home.ts';
import { containerOf } from './launch/container.ts';
import { findByKey } from './launch/find-job.ts';
import { jobFiles, orderOf, previewText } from './launch/job.ts';
import { requestOf } from './launch/request.ts';
import { submit } from './launch/submit.ts';
import { readLog } from './logs.ts';
import { Journal } from './observe/journal.ts';
import { observe } from './observe/observe.ts';
import { hostSeats } from './observe/seat.ts';
import { RunningRuns } from './observe/seen-running.ts';
import { dialerOf } from './reach/dialer-of.ts';
import { Dialers } from './reach/dialers.ts';
import { ownInterface } from './reach/own-interface.ts';
import { Whereabouts } from './reach/whereabouts.ts';
import { statusNow } from './status.ts';
import type { KnownVersions } from './rest/api.ts';
import { restScheduler } from './rest/open.ts';
import type { Scheduler } from './scheduler.ts';

/** What the driver takes from its host. */
export interface SlurmParts extends CallingParts {
  readonly hosts: HostService;
}

/** Runs tasks as jobs of a Slurm cluster, by the commands of its login node or by its REST API, however they are reached. */
export class SlurmDriver implements ComputingDriver {
  readonly title = 'Slurm cluster';
  readonly kind = 'cluster';
  readonly accepts = [
    { access: 'ssh', auth: ['user-keys', 'platform-keys'] },
    { access: 'local', auth: ['none'] },
    // The platform itself connects to slurmrestd and to nodes: whoever names them could have it connect to anything.
    { access: 'api', auth: ['user-token', 'platform-token'], isForAdmins: true },
  ] as const;
  readonly capabilities = { queues: true, extend: true, hold: true };
  readonly conf = conf;
  readonly credentials = credentials;
  readonly keeps = keptFolders;
  readonly #parts: SlurmParts;
  readonly #journal = new Journal();
  readonly #seenRunning = new RunningRuns();
  readonly #whereabouts = new Whereabouts(this.#seenRunning);
  readonly #dialers = new Dialers();
  readonly #turns = new Turns();
  readonly #apiVersions: KnownVersions = new Map();
  readonly #calling: CallingTasks;
  readonly #dialerFor: (networks: readonly string[]) => Dialer;

  constructor(parts: SlurmParts) {
    this.#parts = parts;
    this.#calling = new CallingTasks(parts, this.#whereabouts, this.#seenRunning);
    this.#dialerFor = networkDialers(parts.direct);
  }

  async describe(resource: ComputingResource, call: Call): Promise<ComputingDescription> {
    if (isCalling(resource)) return await this.#calling.describe(resource, call);
    await using host = await this.#parts.hosts.open(resource, call);
    const [facts, engines] = await Promise.all([
      askCluster(this.#cluster(resource, host, call.signal)),
      findEngines(resource, this.#parts.engines, host, call.signal),
    ]);
    return describe(facts, engines, resource);
  }

  options(resource: ComputingResource, description: ComputingDescription): JsonSchema {
    return options(confOf(resource), description);
  }

  async preview(resource: ComputingResource, launch: Launch, call: Call): Promise<LaunchPreview> {
    if (isCalling(resource)) return await this.#calling.preview(resource, launch, call);
    await using host = await this.#parts.hosts.open(resource, call);
    const { engine } = await chooseEngine(resource, this.#parts.engines, launch.engine?.id, host, call.signal);
    const settings = confOf(resource);
    const request = requestOf(launch.options, settings);
    const container = containerOf(launch, engine, settings, request.gpus);
    const files = jobFiles(await foldersOf(resource, host, call.signal), launch.key, this.#parts.agent.version);
    const { scheduler } = this.#cluster(resource, host, call.signal);
    const submission = scheduler.preview(orderOf(launch.key, request, settings, files));
    return { language: 'shell', text: previewText(submission, container.command, launch.env) };
  }

  async submit(
    resource: ComputingResource,
    launch: Launch,
    progress: (reason: string) => void,
    call: Call,
  ): Promise<string> {
    jobName(launch.key);
    const { engines, agent, hosts } = this.#parts;
    return this.#turns.take(`${resource.id}/${launch.key}`, call.signal, async () => {
      if (isCalling(resource)) return await this.#calling.submit(resource, launch, progress, call);
      await using host = await hosts.open(resource, call);
      const cluster = this.#cluster(resource, host, call.signal);
      const [{ engine }, folders] = await Promise.all([
        chooseEngine(resource, engines, launch.engine?.id, host, call.signal),
        foldersOf(resource, host, call.signal),
      ]);
      return await submit({ resource, launch, cluster, engine, folders, agent, progress });
    });
  }

  async observe(
    resource: ComputingResource,
    tasks: readonly TaskHandle[],
    call: Call,
  ): Promise<ReadonlyMap<string, Observation>> {
    const seen = await this.#seen(resource, tasks, call);
    this.#journal.note(resource.id, seen);
    return seen;
  }

  /** From what rounds have seen; a task that this process hasn’t seen yet is looked at once. */
  async events(resource: ComputingResource, task: TaskHandle, call: Call): Promise<readonly TaskEvent[]> {
    if (!this.#journal.has(resource.id, task.key)) await this.observe(resource, [checked(task)], call);
    return this.#journal.of(resource.id, task.key);
  }

  #seen(
    resource: ComputingResource,
    tasks: readonly TaskHandle[],
    call: Call,
  ): Promise<ReadonlyMap<string, Observation>> {
    if (isCalling(resource)) return this.#calling.observe(resource, tasks, call);
    const open = hostSeats(this.#parts.hosts, this.#cluster.bind(this), resource, call);
    return observe({ open, resource, seenRunning: this.#seenRunning, call }, tasks);
  }

  async cancel(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    if (isCalling(resource)) return await this.#calling.cancel(resource, checked(task), call);
    await using host = await this.#open(resource, task, call);
    const folders = await foldersOf(resource, host, call.signal);
    await cancel(this.#cluster(resource, host, call.signal), folders, task.key, confOf(resource).grace);
  }

  async clean(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    if (isCalling(resource)) return await this.#calling.clean(resource, checked(task), call);
    await using host = await this.#open(resource, task, call);
    const folders = await foldersOf(resource, host, call.signal);
    await clean(this.#cluster(resource, host, call.signal), folders, task.key);
  }

  async *logs(
    resource: ComputingResource,
    task: TaskHandle,
    choices: LogOptions,
    call: Call,
  ): AsyncGenerator<Uint8Array> {
    if (isCalling(resource)) return yield* this.#calling.logs(resource, checked(task), choices, call);
    await using host = await this.#open(resource, task, call);
    const folders = await foldersOf(resource, host, call.signal);
    yield* readLog(this.#cluster(resource, host, call.signal), folders, task.key, choices);
  }

  async reach(resource: ComputingResource, task: TaskHandle, call: Call): Promise<Reach> {
    if (isCalling(resource)) return await this.#calling.reach(resource, checked(task), call);
    await using host = await this.#open(resource, task, call);
    const { tasks } = await foldersOf(resource, host, call.signal);
    const cluster = this.#cluster(resource, host, call.signal);
    const { status, now } = await statusNow(cluster, tasks, task.key);
    const own = ownInterface(status, now);
    const node = await this.#whereabouts.find({ resource: resource.id, task }, status?.node, cluster);
    // A socket is the node's own, whatever the resource has come to say meanwhile.
    const isJump = 'socket' in own || confOf(resource).reach === 'jump';
    const via = this.#dialer(resource, task, host.isDirect, isJump ? node.hostName : undefined, call);
    const address = 'socket' in own ? own : { host: isJump ? '127.0.0.1' : node.address, port: own.port };
    return { address, via };
  }

  async hold(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    await this.#control(resource, task, call, (scheduler, id) => scheduler.hold(id));
  }

  async release(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    await this.#control(resource, task, call, (scheduler, id) => scheduler.release(id));
  }

  async extend(resource: ComputingResource, task: TaskHandle, seconds: number, call: Call): Promise<void> {
    await this.#control(resource, task, call, (scheduler, id) => scheduler.extend(id, seconds));
  }

  /** Whichever way the resource's scheduler is asked. */
  #cluster(resource: ComputingResource, host: Host, signal: AbortSignal): Cluster {
    const rest = restScheduler(resource, host, this.#apiVersions, signal);
    return new Cluster(host, rest ?? new CommandScheduler(host, signal), signal);
  }

  /** The lease of the task's own account. INVALID, before anything is opened, for a task that can't be ours. */
  async #open(resource: ComputingResource, task: TaskHandle, call: Call): Promise<Host> {
    const { who } = checked(task);
    return this.#parts.hosts.open(resource, { ...call, who });
  }

  async #control(
    resource: ComputingResource,
    task: TaskHandle,
    call: Call,
    work: (scheduler: Scheduler, id: string) => Promise<void>,
  ): Promise<void> {
    if (isCalling(resource)) {
      const scheduler = await this.#calling.scheduler(resource, checked(task), call);
      return await work(scheduler, known(task.ref ?? (await findByKey(scheduler, task.key))));
    }
    await using host = await this.#open(resource, task, call);
    const cluster = this.#cluster(resource, host, call.signal);
    await work(cluster.scheduler, known(task.ref ?? (await findByKey(cluster.scheduler, task.key))));
  }

  #dialer(
    resource: ComputingResource,
    task: TaskHandle,
    isDirect: boolean,
    node: string | undefined,
    call: Call,
  ): Dialer {
    // It is the platform's own process that dials: where its operator said so, nowhere else.
    const { networks } = confOf(resource);
    if (isDirect && node === undefined && networks.length > 0) return this.#dialerFor(networks);
    const name = JSON.stringify([resource.id, resource.accessConf, resource.auth, task.who, isDirect, node ?? null]);
    const make = () => dialerOf(this.#parts.hosts, resource, isDirect, { ...call, who: task.who }, node);
    return this.#dialers.get(name, make);
  }
}

/** Whether there is no host to look from: tasks call the platform. */
function isCalling({ access }: ComputingResource): boolean {
  return access === 'api';
}

/** INVALID, before anything is opened, for a task that can't be ours. */
function checked(task: TaskHandle): TaskHandle {
  jobName(task.key);
  if (task.ref !== undefined) parseRef(task.ref);
  return task;
}

function known(id: string | undefined): string {
  if (id === undefined) throw new SteleError('NOT_FOUND', 'Slurm doesn’t know this task’s job.');
  return id;
}
