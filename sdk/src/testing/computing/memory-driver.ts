import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { connect } from 'node:net';
import type { Address, Dialer, Reach } from '../../address.ts';
import type { Call } from '../../call.ts';
import type {
  ComputingDescription,
  ComputingDriver,
  Launch,
  LaunchPreview,
  Observation,
  TaskEvent,
  TaskHandle,
} from '../../computing.ts';
import type { ContainerSpec, LogOptions } from '../../engine.ts';
import { SteleError } from '../../errors.ts';
import { matches } from '../../grammar.ts';
import type { JsonSchema } from '../../json.ts';
import type { ComputingResource } from '../../resources.ts';
import { memoryBehaviours, memoryImage, MemoryOperator } from '../engine/memory-engine.ts';
import type { DriverWorld, TaskBehaviours } from './subject.ts';

/** A driver without a resource: what the kit has to find right, and the base of what it has to find wrong. */
export class MemoryDriver implements ComputingDriver {
  readonly title = 'Memory';
  readonly kind = 'standalone';
  readonly accepts: ComputingDriver['accepts'] = [{ access: 'local', auth: ['none'] }];
  readonly capabilities = { queues: false, extend: false, hold: false };
  readonly conf: JsonSchema = { type: 'object' };
  readonly operator = new GreetingOperator(new Set());

  async describe(_resource: ComputingResource, call: Call): Promise<ComputingDescription> {
    const { architecture, runtimes } = await this.operator.status(call.signal);
    return {
      architectures: [architecture],
      emulated: [],
      engines: [{ id: 'memory', runtimes }],
      facts: [],
      detail: {},
    };
  }

  options(): JsonSchema {
    return { type: 'object', properties: {}, additionalProperties: false };
  }

  async preview(_resource: ComputingResource, launch: Launch): Promise<LaunchPreview> {
    return { language: 'shell', text: `memory run ${launch.key}` };
  }

  async submit(_resource: ComputingResource, launch: Launch, _progress: unknown, call: Call): Promise<string> {
    await this.operator.start(specOf(launch), call.signal);
    return refOf(launch.key);
  }

  async observe(
    _resource: ComputingResource,
    tasks: readonly TaskHandle[],
    call: Call,
  ): Promise<ReadonlyMap<string, Observation>> {
    const states = await this.operator.observe(tasks.map(nameOf), call.signal);
    return new Map(tasks.map((task) => [task.key, observation(task, states.get(nameOf(task)))]));
  }

  async cancel(_resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    await this.operator.stop(checkedName(task), 2, call.signal);
  }

  async clean(_resource: ComputingResource, task: TaskHandle, call: Call): Promise<void> {
    await this.operator.remove(checkedName(task), call.signal);
  }

  logs(_resource: ComputingResource, task: TaskHandle, options: LogOptions, call: Call): AsyncIterable<Uint8Array> {
    return this.operator.logs(checkedName(task), options, call.signal);
  }

  async events(_resource: ComputingResource, task: TaskHandle, call: Call): Promise<readonly TaskEvent[]> {
    const name = checkedName(task);
    const state = (await this.operator.observe([name], call.signal)).get(name);
    const { startedAt, endedAt } = { startedAt: undefined, endedAt: undefined, ...state };
    return [
      ...(startedAt === undefined ? [] : [{ reason: 'Started', at: startedAt }]),
      ...(endedAt === undefined ? [] : [{ reason: 'Ended', at: endedAt }]),
    ];
  }

  async reach(_resource: ComputingResource, task: TaskHandle, call: Call): Promise<Reach> {
    const state = (await this.operator.observe([nameOf(task)], call.signal)).get(nameOf(task));
    if (state?.phase !== 'running' || !state.address) throw new SteleError('CONFLICT', 'The task isn’t running.');
    return { address: state.address, via: loopback };
  }
}

/** Interfaces also print, so that a log can be followed. */
class GreetingOperator extends MemoryOperator {
  override async greet(...args: Parameters<MemoryOperator['greet']>): Promise<void> {
    args[0].log = 'up\n';
    await super.greet(...args);
  }
}

const loopback: Dialer = {
  isDirect: true,
  async dial(address: Address): Promise<Duplex> {
    const socket = connect('port' in address ? address : { path: address.socket });
    await once(socket, 'connect');
    return socket;
  },
};

const memoryTasks: TaskBehaviours = {
  print: (lines, exitCode) => task(memoryBehaviours.print(lines, exitCode)),
  greet: () => task(memoryBehaviours.greet(8080)),
  ignore: () => task(memoryBehaviours.ignore()),
  missing: () => ({ ...task([]), image: { ...memoryImage, tag: 'no-such-tag' } }),
};

/** The kit's world with a driver that may be broken. */
export function memoryDriverWorld(driver: ComputingDriver): DriverWorld {
  const id = '0197a3c0-0000-7000-8000-00000000000a';
  const resource: ComputingResource = {
    id,
    name: 'Memory',
    driver: 'memory',
    access: 'local',
    auth: 'none',
    accessConf: {},
    conf: {},
    engines: [],
  };
  return { driver, resource, behaviours: memoryTasks, close: async () => undefined };
}

function task(args: readonly string[]): Omit<Launch, 'key'> {
  return {
    name: 'kit',
    image: memoryImage,
    interface: { port: 8080, protocol: 'tcp', transport: 'tcp' },
    env: { KIT: args.join('\t') },
    binds: [],
    options: {},
  };
}

export function specOf({ key, image, env, binds }: Launch): ContainerSpec {
  const { KIT = '', ...rest } = env;
  return { name: `stele-${checkedKey(key)}`, image, env: rest, binds, labels: {}, args: KIT.split('\t') };
}

export function refOf(key: string): string {
  return `memory/${key}`;
}

export function nameOf({ key }: TaskHandle): string {
  return `stele-${checkedKey(key)}`;
}

function checkedKey(key: string): string {
  if (matches('taskKey', key)) return key;
  throw new SteleError('INVALID', 'This is no task key.', { field: 'key' });
}

function isOurs({ key, ref }: TaskHandle): boolean {
  return ref === undefined || ref === refOf(key);
}

function checkedName(handle: TaskHandle): string {
  if (isOurs(handle)) return nameOf(handle);
  throw new SteleError('INVALID', 'This is no reference of this driver.', { field: 'ref' });
}

type State = Awaited<ReturnType<MemoryOperator['observe']>> extends ReadonlyMap<string, infer S> ? S : never;

function observation(handle: TaskHandle, state: State | undefined): Observation {
  if (!isOurs(handle)) return { phase: 'unknown', reason: 'Its reference is damaged.' };
  const ref = refOf(handle.key);
  if (state === undefined || state.phase === 'absent') return { phase: 'absent' };
  if (state.phase === 'created') return { phase: 'starting', ref };
  if (state.phase === 'running') return { phase: 'running', ref, startedAt: state.startedAt };
  const { outOfMemory: _, ...end } = state;
  return { ...end, ref, outcome: state.exitCode === 0 ? 'completed' : 'failed' };
}
