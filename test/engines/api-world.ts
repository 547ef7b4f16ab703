import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerEngine } from '@stele/sdk';
import { CliEngine, type Dialect } from '@stele/sdk/oci-cli';
import { type EngineWorld, eventually, inTime } from '@stele/sdk/testing';
import { Value } from 'typebox/value';
import { LocalHost } from '../../plugins/access/local/src/server/local-host.ts';
import { ApiEngine } from '../../plugins/engines/docker-api/src/server/engine.ts';
import { type DockerApiSettings, settings } from '../../plugins/engines/docker-api/src/settings.ts';
import { docker, engineWorld, podman } from './world.ts';

/** The engine, told of these sockets alone. */
export function apiEngine(sockets: readonly string[], parts: Partial<DockerApiSettings> = {}): ApiEngine {
  return new ApiEngine(Value.Default(settings, { ...parts, sockets: [...sockets] }) as DockerApiSettings);
}

/** An engine under test, and what ends what was started for it. */
export interface Subject extends AsyncDisposable {
  readonly engine: ContainerEngine;
  /** Another that remembers nothing. */
  fresh(): ContainerEngine;
  /** Where its API listens, where it is reached by one. */
  readonly socket?: string;
}

/** Engines of the beds: each by its command line and by its API. The bed has to be up. */
export const subjects: readonly (readonly [
  name: string,
  bed: 'podman' | 'docker',
  command: string,
  open: () => Promise<Subject>,
])[] = [
  ['podman', 'podman', 'podman', async () => byCommand(podman())],
  ['docker', 'docker', '/usr/bin/docker', async () => byCommand(docker())],
  ['podman’s API', 'podman', 'podman', () => behindApi('podman')],
  ['docker’s API', 'docker', '/usr/bin/docker', () => behindApi('docker')],
];

/**
 * Subjects that the kit of drivers is run with on this machine; by SSH it is run with the others. What an engine does is for its own
 * kit to show, which is run for each of them; here it is enough to meet each once.
 */
export const isMetHere = (name: string): boolean => name === 'podman' || name === 'docker’s API';

function byCommand(dialect: Dialect): Subject {
  const fresh = () => new CliEngine(dialect);
  return { engine: fresh(), fresh, [Symbol.asyncDispose]: async () => undefined };
}

/** A bed's engine by its API: Podman's service is started for it. */
export async function behindApi(bed: 'podman' | 'docker'): Promise<Required<Subject>> {
  if (bed === 'docker') {
    const socket = (process.env['DOCKER_HOST'] ?? '').replace('unix://', '');
    const fresh = () => apiEngine([socket]);
    return { engine: fresh(), fresh, socket, [Symbol.asyncDispose]: async () => undefined };
  }
  const service = await PodmanService.start();
  const { socket } = service;
  const fresh = () => apiEngine([socket]);
  return { engine: fresh(), fresh, socket, [Symbol.asyncDispose]: () => service[Symbol.asyncDispose]() };
}

/** A world for the engine kit on this machine, with an engine behind a socket. */
export async function apiWorld(bed: 'podman' | 'docker'): Promise<EngineWorld> {
  const api = await behindApi(bed);
  const world = await engineWorld((command = 'podman') => podman({ command }));
  const silent = await SilentSocket.open();
  return {
    ...world,
    engine: api.engine,
    silent: apiEngine([silent.path]).operator(new LocalHost()),
    close: async () => {
      await world.close();
      await silent[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

/** The real `podman system service` of the bed, on a socket of its own. */
export class PodmanService implements AsyncDisposable {
  readonly socket: string;
  readonly #folder: string;
  #process: ChildProcess | undefined;

  static async start(): Promise<PodmanService> {
    const service = new PodmanService(await mkdtemp(join(tmpdir(), 'stele-service-')));
    try {
      await service.up();
      return service;
    } catch (error) {
      await service[Symbol.asyncDispose]();
      throw error;
    }
  }

  private constructor(folder: string) {
    this.#folder = folder;
    this.socket = join(folder, 'podman.sock');
  }

  async up(): Promise<void> {
    this.#process = spawn('podman', ['system', 'service', '--time', '0', `unix://${this.socket}`], { stdio: 'ignore' });
    const operator = apiEngine([this.socket]).operator(new LocalHost());
    const answers = () =>
      operator.status(inTime(5_000)).then(
        () => true,
        () => false,
      );
    await eventually('the service answers', answers, 30_000);
  }

  async down(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const process = this.#process;
    if (process === undefined || process.exitCode !== null || process.signalCode !== null) return;
    process.kill(signal);
    await once(process, 'exit');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
    await rm(this.#folder, { recursive: true });
  }
}

/** Takes connections and never says a word. */
class SilentSocket implements AsyncDisposable {
  readonly path: string;
  readonly #folder: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  static async open(): Promise<SilentSocket> {
    const socket = new SilentSocket(await mkdtemp(join(tmpdir(), 'stele-silent-')));
    await once(socket.#server.listen(socket.path), 'listening');
    return socket;
  }

  private constructor(folder: string) {
    this.#folder = folder;
    this.path = join(folder, 'silent.sock');
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await rm(this.#folder, { recursive: true });
  }
}
