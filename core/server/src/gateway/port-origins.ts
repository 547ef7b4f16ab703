import { type Server, createServer } from 'node:http';
import { noFreePort, sharedHost } from './errors.ts';
import { candidates, tryListen } from './listening.ts';
import type { PortMode } from './options.ts';
import { type TaskOrigin, hostWithPort } from './origins.ts';
import { type Answerer, serve } from './server.ts';

interface Listener {
  readonly origin: TaskOrigin;
  readonly server: Server;
}

/** The origins of tasks that are ports of one host: a listener each, opened for the first visitor, closed with the task. */
export class PortOrigins implements AsyncDisposable {
  readonly #mode: PortMode;
  readonly #answererFor: (origin: TaskOrigin) => Answerer;
  readonly #listeners = new Map<string, Promise<Listener>>();
  readonly #taken = new Set<number>();

  constructor(mode: PortMode, answererFor: (origin: TaskOrigin) => Answerer) {
    if (mode.host.toLowerCase() === mode.platformHost.toLowerCase()) throw sharedHost(mode.host);
    this.#mode = mode;
    this.#answererFor = answererFor;
  }

  /** On the platform's own listener, the tasks' host has nothing. */
  owns(host: string): boolean {
    return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '') === this.#mode.host.toLowerCase();
  }

  match(): undefined {
    return undefined;
  }

  /** The task's origin; opens its listener when there is none. Rejects with LIMIT when all ports are taken. */
  async open(key: string): Promise<TaskOrigin> {
    const known = this.#listeners.get(key);
    if (known !== undefined) return (await known).origin;
    const opening = this.#listen(key);
    this.#listeners.set(key, opening);
    try {
      return (await opening).origin;
    } catch (error) {
      this.#listeners.delete(key);
      throw error;
    }
  }

  async close(key: string): Promise<void> {
    const listener = this.#listeners.get(key);
    if (listener === undefined) return;
    this.#listeners.delete(key);
    const opened = await listener.catch(() => undefined); // Whoever asked for it was told why it could not be opened.
    if (opened === undefined) return;
    const { server, origin } = opened;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    this.#taken.delete(origin.port);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled([...this.#listeners.keys()].map((key) => this.close(key)));
  }

  async #listen(key: string): Promise<Listener> {
    const { scheme, host } = this.#mode;
    const { from, to } = this.#mode.ports;
    for (const port of candidates(key, this.#mode.ports)) {
      if (this.#taken.has(port)) continue;
      this.#taken.add(port);
      const origin = { key, scheme, port, host: hostWithPort(host, port, scheme) };
      const server = await this.#tryPort(port, origin);
      if (server !== undefined) return { origin, server };
      this.#taken.delete(port);
    }
    throw noFreePort(from, to);
  }

  /** `undefined` when another program has the port. */
  async #tryPort(port: number, origin: TaskOrigin): Promise<Server | undefined> {
    const server = createServer();
    serve(server, this.#answererFor(origin));
    return (await tryListen(server, { port, host: this.#mode.bind })) ? server : undefined;
  }
}
