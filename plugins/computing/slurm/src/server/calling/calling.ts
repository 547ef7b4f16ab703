import type {
  AgentProgram,
  Call,
  CallbackRecord,
  CallbackService,
  ComputingDescription,
  ComputingResource,
  ContainerEngine,
  CredentialService,
  Dialer,
  DirectDialService,
  Launch,
  LaunchPreview,
  LogOptions,
  Observation,
  Reach,
  Registry,
  TaskHandle,
} from '@stele/sdk';
import { networkDialers } from '@stele/sdk';
import { confOf } from '../conf.ts';
import { describe } from '../description/description.ts';
import { chooseNamed, nameEngines } from '../description/engines.ts';
import { endGently, endTask } from '../end.ts';
import { containerOf } from '../launch/container.ts';
import { previewText } from '../launch/job.ts';
import { requestOf } from '../launch/request.ts';
import { observe, type SeenRunning } from '../observe/observe.ts';
import type { OpenSeat } from '../observe/seat.ts';
import { ownInterface } from '../reach/own-interface.ts';
import type { Whereabouts } from '../reach/whereabouts.ts';
import { Api, type KnownVersions } from '../rest/api.ts';
import { Door } from '../rest/door.ts';
import { RestScheduler } from '../rest/scheduler.ts';
import { accountOf } from './account.ts';
import { callFacts, checkCalls } from './check.ts';
import { toldLog } from './logs.ts';
import { callingScript } from './script.ts';
import { callingOrder, submit } from './submit.ts';
import { recordOf, statusOf } from './told.ts';
import { warned } from './warned.ts';
import { whereIs } from './where.ts';

/** What is needed of the platform. */
export interface CallingParts {
  readonly credentials: CredentialService;
  readonly direct: DirectDialService;
  readonly callbacks: CallbackService;
  readonly engines: Registry<ContainerEngine>;
  readonly agent: AgentProgram;
}

/** Slurm where there is no login node: jobs by slurmrestd, which the platform itself asks, and tasks that call the platform. */
export class CallingTasks {
  readonly #parts: CallingParts;
  readonly #whereabouts: Whereabouts;
  readonly #seenRunning: SeenRunning;
  readonly #apiVersions: KnownVersions = new Map();
  readonly #dialerFor: (networks: readonly string[]) => Dialer;

  constructor(parts: CallingParts, whereabouts: Whereabouts, seenRunning: SeenRunning) {
    this.#parts = parts;
    this.#whereabouts = whereabouts;
    this.#seenRunning = seenRunning;
    this.#dialerFor = networkDialers(parts.direct);
  }

  async describe(resource: ComputingResource, call: Call): Promise<ComputingDescription> {
    const { callbacks, engines } = this.#parts;
    checkCalls(resource, callbacks.origin());
    const scheduler = await this.#scheduler(resource, call);
    const said = describe(await scheduler.facts(), nameEngines(resource, engines), resource);
    return { ...said, facts: [...said.facts, ...callFacts(callbacks.origin())] };
  }

  async preview(resource: ComputingResource, launch: Launch, call: Call): Promise<LaunchPreview> {
    const conf = confOf(resource);
    const { engine } = chooseNamed(resource, this.#parts.engines, launch.engine?.id);
    const container = containerOf(launch, engine, conf, requestOf(launch.options, conf).gpus);
    const place = { url: '…', ticket: '…' };
    const agent = { ...this.#parts.agent, text: '# the agent' };
    const scheduler = await this.#scheduler(resource, call);
    const order = callingOrder(launch, conf, callingScript({ place, agent }));
    return { language: 'shell', text: previewText(scheduler.preview(order), container.command, launch.env) };
  }

  async submit(
    resource: ComputingResource,
    launch: Launch,
    progress: (reason: string) => void,
    call: Call,
  ): Promise<string> {
    const { callbacks, engines, agent } = this.#parts;
    checkCalls(resource, callbacks.origin());
    const { engine } = chooseNamed(resource, engines, launch.engine?.id);
    const scheduler = await this.#scheduler(resource, call);
    return await submit({ resource, launch, scheduler, engine, agent, callbacks }, progress);
  }

  async observe(
    resource: ComputingResource,
    tasks: readonly TaskHandle[],
    call: Call,
  ): Promise<ReadonlyMap<string, Observation>> {
    const ends = new Map<string, number>();
    const open: OpenSeat = async (who) => {
      const scheduler = await this.#scheduler(resource, { ...call, who });
      if (scheduler.tokenEndsAt !== undefined) ends.set(nameOf(who), Date.parse(scheduler.tokenEndsAt));
      return {
        scheduler,
        records: async (keys) => {
          const told = await this.#parts.callbacks.read(resource.id, keys);
          return new Map(keys.map((key) => [key, recordOf(told.get(key))]));
        },
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
    };
    const seen = await observe({ open, resource, seenRunning: this.#seenRunning, call }, tasks);
    return warned(seen, tasks, (who) => ends.get(nameOf(resource.auth === 'user-token' ? who : call.who)), Date.now());
  }

  async cancel(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    const scheduler = await this.scheduler(resource, task, call);
    const hasEnded = async () => {
      const told = await this.#read(resource, task.key);
      return told === undefined || statusOf(told)?.phase === 'ended';
    };
    await endGently({ scheduler, key: task.key, signal: call.signal }, hasEnded, confOf(resource).grace);
  }

  async clean(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    const told = await this.#read(resource, task.key);
    const hasEnded = told !== undefined && statusOf(told)?.phase === 'ended';
    if (!hasEnded) {
      const scheduler = await this.scheduler(resource, task, call);
      await endTask({ scheduler, key: task.key, signal: call.signal });
    }
    await this.#parts.callbacks.close(resource.id, task.key);
  }

  async *logs(
    resource: ComputingResource,
    task: TaskHandle,
    options: LogOptions,
    call: Call,
  ): AsyncGenerator<Uint8Array> {
    const scheduler = await this.scheduler(resource, task, call);
    const read = () => this.#read(resource, task.key);
    yield* toldLog({ scheduler, read, key: task.key, signal: call.signal }, options);
  }

  async reach(resource: ComputingResource, task: TaskHandle, call: Call): Promise<Reach> {
    const told = await this.#read(resource, task.key);
    const status = told === undefined ? undefined : statusOf(told);
    // The port is the task's own word, and its node the controller's: it aims the platform at no other.
    const own = ownInterface(status, Date.now() / 1000);
    const scheduler = await this.scheduler(resource, task, call);
    const node = await this.#whereabouts.find({ resource: resource.id, task }, status?.node, { scheduler });
    const { networks } = confOf(resource);
    const host = await whereIs(node.address, status?.address, networks, this.#parts.direct, call.signal);
    const port = 'port' in own ? own.port : 0;
    return { address: { host, port }, via: this.#dialerFor(networks) };
  }

  /** Slurm as the task's own account asks it. */
  scheduler(resource: ComputingResource, task: TaskHandle, call: Call): Promise<RestScheduler> {
    return this.#scheduler(resource, { ...call, who: task.who });
  }

  async #read(resource: ComputingResource, key: string): Promise<CallbackRecord | undefined> {
    return (await this.#parts.callbacks.read(resource.id, [key])).get(key);
  }

  async #scheduler(resource: ComputingResource, call: Call): Promise<RestScheduler> {
    const { restUrl = '', restCa } = confOf(resource);
    const { user, tokens } = await accountOf(resource, this.#parts.credentials, call);
    const { direct } = this.#parts;
    const way: Pick<Dialer, 'dial'> & { readonly name: string } = {
      name: 'the platform',
      dial: (address, signal) => {
        if ('socket' in address) throw new TypeError('slurmrestd has an address');
        return direct.dial(address, {}, signal);
      },
    };
    const door = new Door(way, { restUrl, ...(restCa === undefined ? {} : { restCa }) }, call.signal);
    const api = new Api({ door, tokens, user, name: `${resource.id} ${restUrl}`, known: this.#apiVersions });
    const environment = { PATH: '/usr/local/bin:/usr/bin:/bin', USER: user, LOGNAME: user };
    const asker = { user, environment: () => Promise.resolve(environment) };
    return new RestScheduler(api, asker, { url: restUrl, tokenEndsAt: tokens.endsAt }, call.signal);
  }
}

const nameOf = (who: Call['who']): string => (who.kind === 'user' ? who.id : '');
