import type { ExecResult } from '../access.ts';
import type {
  ContainerOperator,
  ContainerSpec,
  ContainerState,
  EngineStatus,
  LogOptions,
  PullOptions,
} from '../engine.ts';
import { hasCode, type SteleError } from '../errors.ts';
import { formatImage } from '../grammar.ts';
import type { ImageRef } from '../resources.ts';
import { checkLabel, checkName, checkSpec } from './checks.ts';
import type { Cli } from './cli.ts';
import { createArguments, environmentText } from './create-arguments.ts';
import type { HostTraits, Survey } from './dialect.ts';
import { inspect } from './inspect-containers.ts';
import { logs } from './logs.ts';
import { pull } from './pull.ts';
import type { Turns } from './turns.ts';

/** Seconds. */
const limits = { question: 10, start: 60, remove: 60 } as const;
/** A random port may be taken between being picked and being bound. */
const startAttempts = 3;

/** What operators of one engine share. */
export interface Shared {
  /** Order among calls about the same container. */
  readonly turns: Turns;
  /** What is known about the host, asked once for each lease. */
  survey(cli: Cli, signal: AbortSignal): Promise<Survey>;
  /** Asks anew. */
  surveyAgain(cli: Cli, signal: AbortSignal): Promise<Survey>;
}

/** Looks after the detached containers of a docker-like command line. */
export class CliOperator implements ContainerOperator {
  readonly #cli: Cli;
  readonly #shared: Shared;

  constructor(cli: Cli, shared: Shared) {
    this.#cli = cli;
    this.#shared = shared;
  }

  async status(signal: AbortSignal): Promise<EngineStatus> {
    const { status } = await this.#shared.surveyAgain(this.#cli, signal);
    return status;
  }

  async hasImage(image: ImageRef, signal: AbortSignal): Promise<boolean> {
    const args = ['image', 'inspect', '--format', '{{.Id}}', formatImage(image)];
    const doing = 'look for the image';
    const result = await this.#cli.run({ arguments: args, doing, limit: limits.question }, signal);
    if (result.exitCode === 0) return true;
    const failure = this.#cli.failure(result, doing);
    if (failure.code === 'NOT_FOUND') return false;
    throw failure;
  }

  pull(image: ImageRef, options: PullOptions, signal: AbortSignal): Promise<void> {
    return pull(this.#cli, image, options, signal);
  }

  async preview(spec: ContainerSpec, signal: AbortSignal): Promise<readonly (readonly string[])[]> {
    const { traits } = await this.#shared.survey(this.#cli, signal);
    return [this.#createArguments(spec, traits), startArguments(spec.name, traits)].map((args) => this.#cli.argv(args));
  }

  async start(spec: ContainerSpec, signal: AbortSignal): Promise<void> {
    checkSpec(spec);
    const { traits } = await this.#shared.survey(this.#cli, signal);
    await this.#inTurn(spec.name, signal, () => this.#start(spec, traits, startAttempts, signal));
  }

  async observe(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ContainerState>> {
    return inspect(this.#cli, names.map(checkName), limits.question, signal);
  }

  async find(label: string, value: string, signal: AbortSignal): Promise<readonly string[]> {
    checkLabel(label, value);
    const args = ['ps', '--all', '--filter', `label=${label}=${value}`, '--format', '{{.Names}}'];
    const run = { arguments: args, doing: 'list containers', limit: limits.question };
    const { stdout } = await this.#cli.expect(run, signal);
    return stdout.split('\n').filter(Boolean);
  }

  stop(name: string, grace: number, signal: AbortSignal): Promise<void> {
    checkName(name);
    return this.#inTurn(name, signal, async () => {
      const seconds = String(Math.max(0, Math.ceil(grace)));
      const limit = grace + limits.remove;
      await this.#unlessAbsent({ arguments: ['stop', '-t', seconds, name], doing: 'stop a container', limit }, signal);
      if ((await this.#stateOf(name, signal)).phase === 'created') await this.#remove(name, signal);
    });
  }

  remove(name: string, signal: AbortSignal): Promise<void> {
    checkName(name);
    return this.#inTurn(name, signal, () => this.#remove(name, signal));
  }

  async *logs(name: string, options: LogOptions, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    checkName(name);
    yield* logs(this.#cli, name, options, limits.question, signal);
  }

  async #start(spec: ContainerSpec, traits: HostTraits, attempts: number, signal: AbortSignal): Promise<void> {
    const isNew = await this.#create(spec, traits, signal);
    const phase = isNew ? 'created' : (await this.#stateOf(spec.name, signal)).phase;
    if (phase === 'running' || phase === 'ended') return;
    const failure = phase === 'absent' ? undefined : await this.#startCreated(spec.name, traits, signal);
    if (phase === 'created' && failure === undefined) return;
    if (failure !== undefined && (!isPortTaken(failure) || attempts <= 1)) throw failure;
    await this.#start(spec, traits, attempts - 1, signal);
  }

  /** Makes the container, and says whether it did: one that is there already is as good. */
  async #create(spec: ContainerSpec, traits: HostTraits, signal: AbortSignal): Promise<boolean> {
    const doing = 'make a container';
    const stdin = environmentText(spec.env);
    const run = { arguments: this.#createArguments(spec, traits), doing, limit: limits.start, stdin };
    const result = await this.#cli.run(run, signal);
    if (result.exitCode === 0) return true;
    if (traits.init && lacksInit(result)) return this.#create(spec, { ...traits, init: false }, signal);
    const failure = this.#cli.failure(result, doing);
    if (failure.code === 'CONFLICT' && failure.field === undefined) return false;
    throw failure;
  }

  /** Starts it. One that can't be started is removed: it would be taken for one that is about to start. */
  async #startCreated(name: string, traits: HostTraits, signal: AbortSignal): Promise<SteleError | undefined> {
    const doing = 'start a container';
    const run = { arguments: startArguments(name, traits), doing, limit: limits.start };
    const result = await this.#cli.run(run, signal);
    if (result.exitCode === 0) return undefined;
    if ((await this.#stateOf(name, signal)).phase === 'created') await this.#remove(name, signal);
    return this.#cli.failure(result, doing);
  }

  async #remove(name: string, signal: AbortSignal): Promise<void> {
    const args = ['rm', '--force', '--volumes', ...this.#cli.dialect.removeArguments, name];
    await this.#unlessAbsent({ arguments: args, doing: 'remove a container', limit: limits.remove }, signal);
  }

  async #unlessAbsent(run: Parameters<Cli['expect']>[0], signal: AbortSignal): Promise<void> {
    try {
      await this.#cli.expect(run, signal);
    } catch (error) {
      if (!hasCode(error, 'NOT_FOUND')) throw error;
    }
  }

  async #stateOf(name: string, signal: AbortSignal): Promise<ContainerState> {
    const states = await inspect(this.#cli, [name], limits.question, signal);
    return states.get(name) ?? { phase: 'absent' };
  }

  #createArguments(spec: ContainerSpec, traits: HostTraits): readonly string[] {
    return createArguments(spec, this.#cli.dialect, traits);
  }

  #inTurn<T>(name: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#shared.turns.take(`${this.#cli.host.name}\n${name}`, signal, work);
  }
}

function startArguments(name: string, traits: HostTraits): readonly string[] {
  return [...traits.globalArguments, 'start', name];
}

/** Podman without the package catatonit. */
function lacksInit(result: ExecResult): boolean {
  return /container-init binary not found/i.test(result.stderr);
}

function isPortTaken(failure: SteleError): boolean {
  return failure.code === 'CONFLICT' && failure.field === 'port';
}
