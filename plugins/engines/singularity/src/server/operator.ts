import {
  type AgentProgram,
  architectures,
  type Architecture,
  type ContainerOperator,
  type ContainerSpec,
  type ContainerState,
  type EngineStatus,
  type ImageFound,
  type ImageRef,
  type LogOptions,
  type PullOptions,
  SteleError,
} from '@stele/sdk';
import { checkLabel, checkName } from '@stele/sdk/oci-cli';
import type { SingularitySettings } from '../settings.ts';
import { command } from './command.ts';
import type { HostShell } from './host-shell.ts';
import { imagePlace } from './image.ts';
import { pull } from './pull.ts';
import { isDigest, readContainers } from './records.ts';
import { taskFiles } from './task-files.ts';

/** Seconds. */
const limits = { question: 10, start: 60, remove: 60 } as const;

/** Looks after containers on one host: each has an agent of its own, which outlives us, and a folder in the home. */
export class SingularityOperator implements ContainerOperator {
  readonly #shell: HostShell;
  readonly #settings: SingularitySettings;
  readonly #agent: AgentProgram;

  constructor(shell: HostShell, settings: SingularitySettings, agent: AgentProgram) {
    this.#shell = shell;
    this.#settings = settings;
    this.#agent = agent;
  }

  async status(signal: AbortSignal): Promise<EngineStatus> {
    const ask = { verb: 'status', doing: 'say which version it has', limit: limits.question } as const;
    return readStatus(await this.#shell.expect(ask, signal));
  }

  async hasImage(image: ImageRef, signal: AbortSignal): Promise<boolean> {
    const { file } = imagePlace(image, this.#settings);
    const doing = 'look for the image';
    const result = await this.#shell.ask({ verb: 'has', arguments: [file], doing, limit: limits.question }, signal);
    if (result.exitCode === 0) return true;
    if (result.exitCode === 44) return false;
    throw this.#shell.failure(result, doing);
  }

  pull(image: ImageRef, options: PullOptions, signal: AbortSignal): Promise<void> {
    return pull(this.#shell, image, imagePlace(image, this.#settings), options, signal);
  }

  /** What runs on the nodes is this very file. */
  async lookUp(image: ImageRef, signal: AbortSignal): Promise<ImageFound | undefined> {
    const { file } = imagePlace(image, this.#settings);
    const doing = 'look for the image';
    const result = await this.#shell.ask({ verb: 'look', arguments: [file], doing, limit: limits.question }, signal);
    if (result.exitCode === 44) return undefined;
    if (result.exitCode !== 0) throw this.#shell.failure(result, doing);
    const digest = image.digest ?? result.stdout.trim();
    return isDigest(digest) ? { image, digest } : { image };
  }

  async digest(image: ImageRef, signal: AbortSignal): Promise<string | undefined> {
    if (image.digest !== undefined) return image.digest;
    const { file } = imagePlace(image, this.#settings);
    const ask = { verb: 'digest', arguments: [file], doing: 'look at the image', limit: limits.question } as const;
    const digest = (await this.#shell.expect(ask, signal)).trim();
    return isDigest(digest) ? digest : undefined;
  }

  async preview(spec: ContainerSpec, signal: AbortSignal): Promise<readonly (readonly string[])[]> {
    signal.throwIfAborted();
    return [['sh', 'agent', `.stele/containers/${spec.name}`], command(spec, this.#settings).argv];
  }

  async start(spec: ContainerSpec, signal: AbortSignal): Promise<void> {
    const stdin = taskFiles(spec, command(spec, this.#settings), this.#agent);
    const { file } = imagePlace(spec.image, this.#settings);
    const doing = 'start a container';
    const ask = { verb: 'start', arguments: [spec.name, file], doing, limit: limits.start, stdin } as const;
    const result = await this.#shell.ask(ask, signal);
    if (result.exitCode === 44) {
      throw new SteleError('NOT_FOUND', `The image is not on ${this.#shell.host.name} yet.`, { field: 'image' });
    }
    if (result.exitCode !== 0) throw this.#shell.failure(result, doing);
  }

  async observe(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ContainerState>> {
    if (names.length === 0) return new Map();
    const args = names.map(checkName);
    const ask = { verb: 'observe', arguments: args, doing: 'look at containers', limit: limits.question } as const;
    return readContainers(names, await this.#shell.expect(ask, signal));
  }

  async find(label: string, value: string, signal: AbortSignal): Promise<readonly string[]> {
    checkLabel(label, value);
    const ask = {
      verb: 'find',
      arguments: [label, value],
      doing: 'look for containers',
      limit: limits.question,
    } as const;
    return (await this.#shell.expect(ask, signal)).split('\n').filter(Boolean);
  }

  async stop(name: string, grace: number, signal: AbortSignal): Promise<void> {
    const seconds = Math.max(0, Math.ceil(grace));
    const args = [checkName(name), String(seconds)];
    const limit = seconds + limits.remove;
    await this.#shell.expect({ verb: 'stop', arguments: args, doing: 'stop a container', limit }, signal);
  }

  async remove(name: string, signal: AbortSignal): Promise<void> {
    const args = [checkName(name)];
    const ask = { verb: 'remove', arguments: args, doing: 'remove a container', limit: limits.remove } as const;
    await this.#shell.expect(ask, signal);
  }

  async *logs(name: string, { follow, tail }: LogOptions, signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const lines = tail === undefined ? 'all' : String(Math.max(0, Math.floor(tail)));
    const args = [checkName(name), lines, follow === true ? 'yes' : 'no'];
    const process = await this.#shell.spawn('log', args, signal);
    try {
      yield* process.stdout as AsyncIterable<Uint8Array>;
    } finally {
      process.kill();
    }
    const exitCode = await process.exited;
    if (exitCode === 0 || signal.aborted) return;
    const gone = `The container is not on ${this.#shell.host.name} any more.`;
    if (exitCode === 44) throw new SteleError('NOT_FOUND', gone);
    throw this.#shell.failure({ exitCode, stdout: '', stderr: '' }, 'read a container’s output');
  }
}

const kernelNames: Readonly<Record<string, Architecture>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  armv7l: 'arm/v7',
  i686: '386',
};

/** Reads the program's version and the kernel's name of the machine. Pure. */
export function readStatus(text: string): EngineStatus {
  const version = /\b(\d+\.\d+[\w.+-]*)/.exec(text)?.[1];
  const machine = text.trim().split('\n').at(-1) ?? '';
  const architecture = kernelNames[machine] ?? architectures.find((name) => name === machine);
  if (version === undefined || architecture === undefined) {
    throw new SteleError('PROTOCOL', 'The answer about the program’s version can’t be understood.', { raw: text });
  }
  return { version, runtimes: [], architecture, rootless: true, limits: false };
}
