import { createHash } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { LoginKey } from '@stele/sdk';
import { before, last, nameOf, type Route, routeKey } from '../route.ts';
import { forward } from '../dial/forward.ts';
import { connect } from './connect.ts';
import { Endpoint } from './endpoint.ts';
import { Gate } from './gate.ts';
import { Link } from './link.ts';

/** Times in ms. */
export interface PoolOptions {
  readonly connectTimeout: number;
  readonly idleTimeout: number;
  readonly keepAlive: number;
  readonly connections: number;
}

/** All connections of the platform, by route and key. */
export class Pool implements Disposable {
  readonly #options: PoolOptions;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #gates = new Map<string, Gate>();

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** The endpoint of an account; the caller acquires and releases it. */
  endpoint(route: Route, key: LoginKey): Endpoint {
    const id = createHash('sha256').update(routeKey(route)).update('\0').update(key.privateKey).digest('base64');
    const present = this.#endpoints.get(id);
    if (present !== undefined) return present;
    const endpoint: Endpoint = new Endpoint({
      name: nameOf(last(route)),
      connect: (onEnd, signal) => this.#connect(route, key, onEnd, signal),
      connections: this.#options.connections,
      idle: this.#options.idleTimeout,
      onIdle: () => {
        if (this.#endpoints.get(id) === endpoint) this.#endpoints.delete(id);
      },
    });
    this.#endpoints.set(id, endpoint);
    return endpoint;
  }

  [Symbol.dispose](): void {
    for (const endpoint of [...this.#endpoints.values()]) endpoint.close();
  }

  async #connect(route: Route, key: LoginKey, onEnd: (link: Link) => void, signal: AbortSignal): Promise<Link> {
    const hop = last(route);
    const way = before(route);
    const gate = this.#gate(JSON.stringify(route.map(({ host, port }) => [host, port])));
    const attempt = async (through: Duplex | undefined) => {
      const { connectTimeout: timeout, keepAlive } = this.#options;
      return connect({ hop, privateKey: key.privateKey, timeout, keepAlive, ...(through && { through }) }, signal);
    };
    if (way === undefined) {
      const client = await gate.run(() => attempt(undefined), signal);
      const link: Link = new Link(client, nameOf(hop), () => onEnd(link));
      return link;
    }
    return this.#connectThrough(this.endpoint(way, key), route, gate, attempt, onEnd, signal);
  }

  /** The host in between is in use as long as this connection lives. */
  async #connectThrough(
    way: Endpoint,
    route: Route,
    gate: Gate,
    attempt: (through: Duplex) => ReturnType<typeof connect>,
    onEnd: (link: Link) => void,
    signal: AbortSignal,
  ): Promise<Link> {
    const hop = last(route);
    way.acquire();
    try {
      const client = await gate.run(
        async () => attempt(await forward(way, { host: hop.host, port: hop.port }, signal)),
        signal,
      );
      const link: Link = new Link(client, nameOf(hop), () => {
        way.release();
        onEnd(link);
      });
      return link;
    } catch (error) {
      way.release();
      throw error;
    }
  }

  #gate(id: string): Gate {
    const gate = this.#gates.get(id) ?? new Gate();
    this.#gates.set(id, gate);
    return gate;
  }
}
