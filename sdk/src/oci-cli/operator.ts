import type { ExecResult } from '../access.ts';
import type {
  ContainerOperator,
  ContainerSpec,
  ContainerState,
  EngineStatus,
  LogOptions,
  PullOptions,
  StatusOptions,
} from '../engine.ts';
import { type ErrorCode, hasCode, messageOf, type SteleError } from '../errors.ts';
import { formatImage } from '../grammar.ts';
import { type StartSteps, startOnce } from '../oci/starting.ts';
import type { ImageRef } from '../resources.ts';
import { checkLabel, checkName, checkSpec } from '../oci/checks.ts';
import type { Cli, CliRun } from './cli.ts';
import { createArguments, environmentText, removeArguments } from './create-arguments.ts';
import type { HostTraits, Survey } from './dialect.ts';
import { registryDigest } from '../oci/digest.ts';
import { inspect } from './inspect-containers.ts';
import { logs } from './logs.ts';
import { networkArguments, networkRemoval, networkText } from './network.ts';
import { pull } from './pull.ts';
import type { Turns } from '../turns.ts';

/** Seconds. */
const limits = { question: 10, start: 60, remove: 60 } as const;

/** What operators of one engine share. */
export interface Shared {
  /**
   * Order among calls about the same container. Starting one is two steps, and `start` runs one that has ended again: two callers
   * who both see it made and not started would run a short task twice.
   */
  readonly turns: Turns;
  /** What is known about the host, where it isn't older than `maxAge` seconds (default 60); else it is asked. */
  survey(cli: Cli, signal: AbortSignal, maxAge?: number): Promise<Survey>;
}

/** Looks after the detached containers of a docker-like command line. */
export class CliOperator implements ContainerOperator {
  readonly #cli: Cli;
  readonly #shared: Shared;

  constructor(cli: Cli, shared: Shared) {
    this.#cli = cli;
    this.#shared = shared;
  }

  async status(signal: AbortSignal, { maxAge = 0 }: StatusOptions = {}): Promise<EngineStatus> {
    const { status, traits } = await this.#shared.survey(this.#cli, signal, maxAge);
    const network = networkText(traits.network);
    return network === undefined ? status : { ...status, network };
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

  async digest(image: ImageRef, signal: AbortSignal): Promise<string | undefined> {
    return image.digest ?? (await this.#digestOf(image, signal));
  }

  async preview(spec: ContainerSpec, signal: AbortSignal): Promise<readonly (readonly string[])[]> {
    const { traits } = await this.#shared.survey(this.#cli, signal);
    const create = this.#createArguments(spec, traits);
    const network = networkArguments(spec, traits);
    const commands = [...(network === undefined ? [] : [network]), create, startArguments(spec.name, traits)];
    return commands.map((args) => this.#cli.argv(args));
  }

  async start(spec: ContainerSpec, signal: AbortSignal): Promise<void> {
    checkSpec(spec);
    const { traits } = await this.#shared.survey(this.#cli, signal);
    await this.#inTurn(spec.name, signal, () => startOnce(this.#steps(spec, traits, signal)));
  }

  async observe(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ContainerState>> {
    return inspect(this.#cli, names.map(checkName), limits.question, signal);
  }

  async find(label: string, value: string, signal: AbortSignal): Promise<readonly string[]> {
    checkLabel(label, value);
    const filter = ['--filter', `label=${label}=${value}`, '--format'];
    const lists = [['ps', '--all', ...filter, '{{.Names}}']];
    // A network whose container was never made, or was removed by somebody else, is to be found as well.
    if (this.#cli.dialect.ownNetworks) lists.push(['network', 'ls', ...filter, '{{.Name}}']);
    const names = await Promise.all(lists.map((args) => this.#list(args, signal)));
    return [...new Set(names.flat())];
  }

  stop(name: string, grace: number, signal: AbortSignal): Promise<void> {
    checkName(name);
    return this.#inTurn(name, signal, async () => {
      const seconds = String(Math.max(0, Math.ceil(grace)));
      const limit = grace + limits.remove;
      const run = { arguments: ['stop', '-t', seconds, name], doing: 'stop a container', limit };
      await this.#unless('NOT_FOUND', run, signal);
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

  #steps(spec: ContainerSpec, traits: HostTraits, signal: AbortSignal): StartSteps {
    return {
      makeNetwork: () => this.#createNetwork(spec, traits, signal),
      removeNetwork: () => this.#removeNetwork(spec.name, signal),
      create: async () => this.#createContainer(await this.#labelled(spec, signal), traits, signal),
      start: () => this.#startCreated(spec.name, traits, signal),
      phase: async () => (await this.#stateOf(spec.name, signal)).phase,
      remove: () => this.#remove(spec.name, signal),
    };
  }

  /** With the digest of its image, where only a label can keep it. */
  async #labelled(spec: ContainerSpec, signal: AbortSignal): Promise<ContainerSpec> {
    const { digestLabel } = this.#cli.dialect;
    if (digestLabel === undefined) return spec;
    const digest = await this.digest(spec.image, signal);
    return digest === undefined ? spec : { ...spec, labels: { ...spec.labels, [digestLabel]: digest } };
  }

  /** None when the image isn't there: to say so is for `create`. */
  async #digestOf(image: ImageRef, signal: AbortSignal): Promise<string | undefined> {
    const args = ['image', 'inspect', '--format', '{{json .RepoDigests}}', formatImage(image)];
    const run = { arguments: args, doing: 'look for the image', limit: limits.question };
    return registryDigest(image, (await this.#cli.run(run, signal)).stdout);
  }

  async #createContainer(spec: ContainerSpec, traits: HostTraits, signal: AbortSignal): Promise<boolean> {
    const doing = 'make a container';
    const stdin = environmentText(spec.env);
    const run = { arguments: this.#createArguments(spec, traits), doing, limit: limits.start, stdin };
    const result = await this.#cli.run(run, signal);
    if (result.exitCode === 0) return true;
    if (traits.init && lacksInit(result)) return this.#createContainer(spec, { ...traits, init: false }, signal);
    const failure = this.#cli.failure(result, doing);
    if (failure.code === 'CONFLICT' && failure.field === undefined) return false;
    throw failure;
  }

  async #createNetwork(spec: ContainerSpec, traits: HostTraits, signal: AbortSignal, tries = 3): Promise<void> {
    const args = networkArguments(spec, traits);
    if (args === undefined) return;
    try {
      await this.#unless('CONFLICT', { arguments: args, doing: 'make a network', limit: limits.start }, signal);
    } catch (error) {
      if (tries <= 1 || !hasLookedTooLate(error)) throw error;
      await this.#createNetwork(spec, traits, signal, tries - 1);
    }
  }

  async #removeNetwork(name: string, signal: AbortSignal): Promise<void> {
    const args = networkRemoval(name, this.#cli.dialect);
    if (args === undefined) return;
    await this.#unless('NOT_FOUND', { arguments: args, doing: 'remove a network', limit: limits.remove }, signal);
  }

  async #startCreated(name: string, traits: HostTraits, signal: AbortSignal): Promise<SteleError | undefined> {
    const doing = 'start a container';
    const run = { arguments: startArguments(name, traits), doing, limit: limits.start };
    const result = await this.#cli.run(run, signal);
    return result.exitCode === 0 ? undefined : this.#cli.failure(result, doing);
  }

  async #remove(name: string, signal: AbortSignal): Promise<void> {
    const args = removeArguments(name, this.#cli.dialect);
    await this.#unless('NOT_FOUND', { arguments: args, doing: 'remove a container', limit: limits.remove }, signal);
    await this.#removeNetwork(name, signal);
  }

  async #list(args: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const run = { arguments: args, doing: 'list containers', limit: limits.question };
    const { stdout } = await this.#cli.expect(run, signal);
    return stdout.split('\n').filter(Boolean);
  }

  /** Runs it to its end, content with one kind of failure. */
  async #unless(content: ErrorCode, run: CliRun, signal: AbortSignal): Promise<void> {
    try {
      await this.#cli.expect(run, signal);
    } catch (error) {
      if (!hasCode(error, content)) throw error;
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

/** Podman looks at the host's network interfaces one by one: that of another container may go meanwhile. */
function hasLookedTooLate(error: unknown): boolean {
  return /no such network interface/.test(messageOf(error));
}

function startArguments(name: string, traits: HostTraits): readonly string[] {
  return [...traits.globalArguments, 'start', name];
}

/** Podman without the package catatonit. */
function lacksInit(result: ExecResult): boolean {
  return /container-init binary not found/i.test(result.stderr);
}
