import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EngineWorld, eventually } from '@stele/sdk/testing';
import { Value } from 'typebox/value';
import { LocalHost } from '../../plugins/access/local/src/server/local-host.ts';
import { ApiEngine } from '../../plugins/engines/docker-api/src/server/engine.ts';
import { type DockerApiSettings, settings } from '../../plugins/engines/docker-api/src/settings.ts';
import { engineWorld, podman } from './world.ts';

/** The engine, told of these sockets alone. */
export function apiEngine(sockets: readonly string[], parts: Partial<DockerApiSettings> = {}): ApiEngine {
  return new ApiEngine(Value.Default(settings, { ...parts, sockets: [...sockets] }) as DockerApiSettings);
}

/** A world for the engine kit on this machine, with an engine behind a socket. */
export async function apiWorld(socket: string): Promise<EngineWorld> {
  const world = await engineWorld((command = 'podman') => podman({ command }));
  const silent = await SilentSocket.open();
  return {
    ...world,
    engine: apiEngine([socket]),
    silent: apiEngine([silent.path]).operator(new LocalHost()),
    close: async () => {
      await world.close();
      await silent[Symbol.asyncDispose]();
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
    await service.up();
    return service;
  }

  private constructor(folder: string) {
    this.#folder = folder;
    this.socket = join(folder, 'podman.sock');
  }

  async up(): Promise<void> {
    this.#process = spawn('podman', ['system', 'service', '--time', '0', `unix://${this.socket}`], { stdio: 'ignore' });
    const operator = apiEngine([this.socket]).operator(new LocalHost());
    await eventually('the service answers', () =>
      operator.status(AbortSignal.timeout(5_000)).then(Boolean, () => false),
    );
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
