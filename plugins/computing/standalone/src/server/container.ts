import type { ContainerSpec, ContainerState, Launch, Observation } from '@stele/sdk';
import { matches, quoteCommand, SteleError } from '@stele/sdk';
import type { Conf } from './conf.ts';

/** The label by which a task's container is known. */
export const taskLabel = 'stele.task';

/** The name of a task's container: what makes submission idempotent. */
export function containerName(key: string): string {
  if (!matches('taskKey', key)) throw new SteleError('INVALID', `“${key}” is not a task key.`, { field: 'key' });
  return `stele-${key}`;
}

/** Where a task is: which engine, and which of its containers. */
export interface Place {
  readonly engine: string;
  readonly container: string;
}

/** Writes a reference. */
export function formatRef({ engine, container }: Place): string {
  return `${engine}/${container}`;
}

/** Reads a reference. INVALID for one that isn't ours: it becomes part of a command. */
export function parseRef(ref: string): Place {
  const [, engine, container] = /^([a-z][a-z0-9-]{0,62})\/(stele-[a-z0-9]{16})$/.exec(ref) ?? [];
  if (engine === undefined || container === undefined) {
    throw new SteleError('INVALID', `“${ref}” is not a reference of this driver.`, { field: 'ref' });
  }
  return { engine, container };
}

/** What the engine of a launch can do on its host. */
export interface Abilities {
  readonly canLimit: boolean;
  readonly hasSockets: boolean;
}

/** The container that a launch asks for. Pure. */
export function containerSpec(launch: Launch, conf: Conf, { canLimit, hasSockets }: Abilities): ContainerSpec {
  const memory = amount(launch.options['memory']) ?? (canLimit ? conf.memory : undefined);
  const cpus = amount(launch.options['cpus']) ?? (canLimit ? conf.cpus : undefined);
  const runtime = launch.engine?.runtime;
  if (launch.interface.transport !== 'tcp') {
    throw new SteleError('UNSUPPORTED', 'Interfaces over UDP can’t be reached on a single host.', {
      field: 'interface',
    });
  }
  return {
    name: containerName(launch.key),
    image: launch.image,
    ...(launch.architecture === undefined ? {} : { architecture: launch.architecture }),
    env: launch.env,
    ...(hasSockets && launch.interface.takesSocket ? { takesSocket: true } : { port: launch.interface.port }),
    ...(conf.publish === undefined ? {} : { publish: { host: conf.publish } }),
    binds: launch.binds,
    labels: { [taskLabel]: launch.key },
    ...(runtime === undefined ? {} : { runtime }),
    ...(memory === undefined ? {} : { memory }),
    ...(cpus === undefined ? {} : { cpus }),
  };
}

function amount(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** The commands that start a container, for people. The environment's names are shown, its values are not. Pure. */
export function previewText(commands: readonly (readonly string[])[], env: Launch['env']): string {
  const names = Object.keys(env).sort();
  const input = names.length === 0 ? [] : ['# on standard input:', ...names.map((name) => `#   ${name}=…`)];
  return [...input, ...commands.map(quoteForReading)].join('\n');
}

/** Quotes only what needs it: nobody has to run this, everybody has to read it. */
function quoteForReading(argv: readonly string[]): string {
  return argv.map((argument) => (/^[\w@%+=:,./-]+$/.test(argument) ? argument : quoteCommand([argument]))).join(' ');
}

/** What a container's state says about its task. Pure. */
export function observation(state: ContainerState, ref: string): Observation {
  switch (state.phase) {
    case 'absent':
      return { phase: 'absent' };
    case 'created':
      return { phase: 'starting', ref, reason: 'The container is made and about to start.' };
    case 'running': {
      const digest = state.digest === undefined ? {} : { digest: state.digest };
      return { phase: 'running', ref, startedAt: state.startedAt, ...digest };
    }
    case 'ended':
      return ended(state, ref);
  }
}

function ended(state: Extract<ContainerState, { phase: 'ended' }>, ref: string): Observation {
  const { exitCode, startedAt, endedAt, digest, error } = state;
  return {
    phase: 'ended',
    ...ending(state),
    ref,
    ...(error === undefined ? {} : { detail: error }),
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(digest === undefined ? {} : { digest }),
  };
}

type Ended = Extract<Observation, { phase: 'ended' }>;

function ending({
  exitCode,
  outOfMemory,
}: Extract<ContainerState, { phase: 'ended' }>): Pick<Ended, 'outcome' | 'reason'> {
  if (outOfMemory) return { outcome: 'out-of-memory', reason: 'The task needed more memory than it was given.' };
  if (exitCode === undefined) return { outcome: 'node-failed', reason: 'The host went down while the task ran.' };
  if (exitCode === 0) return { outcome: 'completed' };
  if (exitCode > 128) return { outcome: 'failed', reason: `The task was ended by signal ${exitCode - 128}.` };
  return { outcome: 'failed', reason: `The task ended with exit code ${exitCode}.` };
}
