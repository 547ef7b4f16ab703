import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, SteleError } from '@stele/sdk';
import { before, type Hop, last, nameOf, type Route, routeKey } from '../route.ts';
import { forward } from '../dial/forward.ts';
import { check } from '../errors.ts';
import { connect, type Connection, isLate, isRefusal } from './connect.ts';
import { Endpoint } from './endpoint.ts';
import { Gate } from './gate.ts';
import { KeyRing, type Keys, type OwnKeys } from './key-ring.ts';
import { Link } from './link.ts';
import { Refusals } from './refusals.ts';

type Vet = (host: string, publicOr: readonly string[], signal: AbortSignal) => Promise<readonly string[]>;

/** Whoever has to wait longer than this after a refusal is told so at once. ms */
const patience = 1_000;
/** Timers fire up to that much early. ms */
const moment = 20;

/** Times in ms. */
export interface PoolOptions {
  readonly connectTimeout: number;
  readonly idleTimeout: number;
  readonly keepAlive: number;
  readonly connections: number;
  /** Addresses of a host that may be connected to: public ones, or in these networks. Needed where a hop says `publicOr`. */
  readonly vet?: Vet;
  /** Called before anything is connected to for the first time. */
  readonly onFirst?: () => void;
  /** Told of an account that was entered by a key that is being replaced. */
  readonly onOldKey?: (account: string) => void;
  /** Told why an account’s certificate was not offered. */
  readonly onLeftOut?: (account: string, why: string) => void;
}

/** What one more connection is asked for with. */
interface Asked {
  readonly route: Route;
  readonly ring: KeyRing;
  readonly owner: string;
  readonly proof: string;
  /** Whether it is for one who wants to know what the keys are worth. */
  readonly isTrial: boolean;
}

/** All connections of the platform, by route and key. */
export class Pool implements Disposable {
  readonly #options: PoolOptions;
  readonly #endpoints = new Map<string, Endpoint>();
  readonly #gates = new Map<string, Gate>();
  readonly #refusals = new Map<string, Refusals>();
  #isUsed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** The endpoint of an account; the caller acquires and releases it. */
  endpoint(route: Route, keys: OwnKeys): Endpoint {
    const id = identity(route, keys);
    const way = (): Endpoint | undefined => this.#way(route, (before) => this.endpoint(before, keys));
    return (
      this.#endpoints.get(id) ??
      this.#make(id, { route, ...keys }, { idle: this.#options.idleTimeout, isTrial: false }, way)
    );
  }

  /** As {@link Pool.endpoint}, with connections that nobody else has: for trials. */
  apart(route: Route, keys: OwnKeys): Endpoint {
    const way = (): Endpoint | undefined => this.#way(route, (before) => this.apart(before, keys));
    return this.#make(randomUUID(), { route, ...keys }, { idle: 0, isTrial: true }, way);
  }

  [Symbol.dispose](): void {
    for (const endpoint of [...this.#endpoints.values()]) endpoint.close();
  }

  #make(
    id: string,
    { route, keys, owner }: OwnKeys & { readonly route: Route },
    { idle, isTrial }: { readonly idle: number; readonly isTrial: boolean },
    way: () => Endpoint | undefined,
  ): Endpoint {
    if (!this.#isUsed) this.#options.onFirst?.();
    this.#isUsed = true;
    const ring = new KeyRing(keys);
    const endpoint: Endpoint = new Endpoint({
      name: nameOf(last(route)),
      connect: (onEnd, signal) =>
        this.#connect({ route, ring, owner, proof: proofOf(keys), isTrial }, way(), onEnd, signal),
      connections: this.#options.connections,
      idle,
      onIdle: () => {
        if (this.#endpoints.get(id) === endpoint) this.#endpoints.delete(id);
      },
    });
    this.#endpoints.set(id, endpoint);
    return endpoint;
  }

  /** The host in between is in use as long as this connection lives. */
  async #connect(
    asked: Asked,
    way: Endpoint | undefined,
    onEnd: (link: Link) => void,
    signal: AbortSignal,
  ): Promise<Link> {
    const { route, ring } = asked;
    const hop = last(route);
    const { connectTimeout: timeout, keepAlive } = this.#options;
    way?.acquire();
    try {
      const attempt = async () => {
        ring.begin();
        const through = way && { through: await forward(way, { host: hop.host, port: hop.port }, signal) };
        const addresses = through ? {} : await this.#vetted(hop, signal);
        return connect({ hop, keys: ring, timeout, keepAlive, ...through, ...addresses }, signal);
      };
      const connection = await this.#logIn(asked, attempt, signal);
      for (const why of ring.leftOut) this.#options.onLeftOut?.(nameOf(hop), why);
      if (ring.isBehind) this.#options.onOldKey?.(nameOf(hop));
      const link: Link = new Link(connection, nameOf(hop), () => {
        way?.release();
        onEnd(link);
      });
      return link;
    } catch (error) {
      way?.release();
      throw error;
    }
  }

  async #vetted({ host, publicOr, field }: Hop, signal: AbortSignal): Promise<{ addresses?: readonly string[] }> {
    if (publicOr === undefined) return {};
    const { vet } = this.#options;
    if (vet === undefined) throw new Error('nobody says which addresses may be connected to');
    try {
      return { addresses: await vet(host, publicOr, signal) };
    } catch (error) {
      if (!hasCode(error, 'DENIED')) throw error;
      const words = `${error.message} Hosts that users set up themselves are reached at public addresses, unless whoever runs this platform allows their network.`;
      throw new SteleError('DENIED', words, { field: field.replace(/hostKeys$/, 'host'), cause: error });
    }
  }

  #way(route: Route, find: (way: Route) => Endpoint): Endpoint | undefined {
    const way = before(route);
    return way && find(way);
  }

  /** In its turn, unless the host has just refused this, and again where it ended it before it had seen all that there is to offer. */
  async #logIn(
    { route, ring, ...asked }: Asked,
    attempt: () => Promise<Connection>,
    signal: AbortSignal,
  ): Promise<Connection> {
    const id = JSON.stringify(route.map(({ host, port }) => [host, port]));
    const { host, user: account } = last(route);
    const wanted = { account, proof: asked.proof, isTrial: asked.isTrial };
    // Each time anew: what has nothing to remember is forgotten. Hosts behind others see the address of those.
    const refusals = () => (route.length > 1 ? undefined : this.#refusalsOf(JSON.stringify([id, asked.owner]), host));
    const pause = refusals()?.pause(wanted, patience) ?? 0;
    if (pause > 0) await sleep(pause, undefined, { signal }).catch(() => check(signal));
    return this.#gate(id).run(async () => {
      refusals()?.pause(wanted, moment);
      for (let left = ring.size; ; left -= 1) {
        try {
          const connection = await attempt();
          refusals()?.taken(wanted);
          return connection;
        } catch (error) {
          if (signal.aborted || !ring.isCutShort || isLate(error) || left <= 1) {
            if (isRefusal(error)) refusals()?.refused(wanted, error);
            throw error;
          }
          ring.refused();
        }
      }
    }, signal);
  }

  #refusalsOf(id: string, host: string): Refusals {
    for (const [other, one] of this.#refusals) if (one.isForgettable) this.#refusals.delete(other);
    const refusals = this.#refusals.get(id) ?? new Refusals(host);
    this.#refusals.set(id, refusals);
    return refusals;
  }

  #gate(id: string): Gate {
    for (const [other, gate] of this.#gates) if (gate.isForgettable) this.#gates.delete(other);
    const gate = this.#gates.get(id) ?? new Gate();
    this.#gates.set(id, gate);
    return gate;
  }
}

function identity(route: Route, { keys }: OwnKeys): string {
  return createHash('sha256')
    .update(`${routeKey(route)}\0${proofOf(keys)}`)
    .digest('base64');
}

/** Tells apart what is offered. */
function proofOf(keys: Keys): string {
  const hash = createHash('sha256');
  for (const { privateKey, certificate = '' } of keys) hash.update(`${privateKey}\0${certificate}\0`);
  return hash.digest('base64');
}
