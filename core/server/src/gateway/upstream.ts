import { once } from 'node:events';
import { Agent, type AgentOptions } from 'node:http';
import {
  type IpcNetConnectOpts,
  type OnReadOpts,
  type Socket,
  type TcpNetConnectOpts,
  connect as connectTcp,
} from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as connectTls } from 'node:tls';
import type { Address, Reach } from '@stele/sdk';
import type { Dispatcher, Pool } from 'undici';
import { checkDirect, guardedLookup } from '../network/index.ts';
import { reading } from './arrivals.ts';
import { DialAgent } from './dial-agent.ts';
import { tooSlow } from './errors.ts';

/** A task's interface: how requests get there. */
export interface Upstream extends Disposable {
  /** What requests say that don't say who they are. */
  readonly authorization: string | undefined;
  /** Carries requests without a body; absent where connections can't be kept. */
  readonly quick: Dispatcher | undefined;
  /** Carries the others, and keeps connections alive where that is sound. */
  readonly shared: Agent;
  /** Opens a connection for each request: WebSockets, and what a stale connection has failed. */
  readonly single: Agent;
  /** Takes no new requests; ends its connections as they fall idle. */
  retire(): void;
}

export interface UpstreamOptions {
  readonly scheme: 'http' | 'https';
  readonly authorization?: string | undefined;
  /** Connections that carry requests at a time. */
  readonly sockets: number;
  /** Milliseconds. */
  readonly connectTimeout: number;
}

export async function openUpstream(reach: Reach, options: UpstreamOptions): Promise<Upstream> {
  const [shared, single] = reach.via.isDirect ? directAgents(reach, options) : dialAgents(reach, options);
  const quick = options.scheme === 'http' ? await pool(reach, options) : undefined;
  return {
    authorization: options.authorization,
    quick,
    shared,
    single,
    retire() {
      retire(shared);
      void quick?.close();
    },
    [Symbol.dispose]() {
      shared.destroy();
      single.destroy();
      void quick?.destroy();
    },
  };
}

async function pool(reach: Reach, options: UpstreamOptions): Promise<Pool> {
  // A hundred modules, that no platform needs before somebody enters a task.
  const { Pool } = await import('undici');
  return new Pool('http://task', {
    connections: options.sockets,
    pipelining: 1,
    connect: (_options, done) => void hand(() => opened(reach, options), done),
    // A task may think as long as it likes, and say nothing for as long as it likes.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}

type Take = (...args: [null, Socket] | [Error, null]) => void;

async function hand(open: () => Promise<Duplex>, take: Take): Promise<void> {
  let stream: Duplex;
  try {
    stream = await open();
  } catch (error) {
    return take(error as Error, null);
  }
  // Its types know sockets alone; a dialled stream has their manners.
  take(null, stream as Socket);
}

async function opened({ address, via }: Reach, options: UpstreamOptions): Promise<Duplex> {
  if (!via.isDirect) return via.dial(address, AbortSignal.timeout(options.connectTimeout));
  const socket = openTcp(address, options.connectTimeout, reading);
  await once(socket, 'connect');
  return socket;
}

/** Node's agent has only `destroy`, which cuts requests too; with `keepAlive` off it ends each socket after its request. */
function retire(agent: Agent): void {
  (agent as { keepAlive?: boolean }).keepAlive = false;
  for (const sockets of Object.values(agent.freeSockets)) for (const socket of [...(sockets ?? [])]) socket.destroy();
}

function directAgents(reach: Reach, options: UpstreamOptions): [Agent, Agent] {
  const open = (): Duplex => secured(openTcp(reach.address, options.connectTimeout), options.scheme);
  const kept = { keepAlive: true, maxSockets: options.sockets, maxFreeSockets: 32 } as const;
  return [new DirectAgent(open, { ...kept, scheduling: 'lifo' }), new DirectAgent(open, {})];
}

function dialAgents(reach: Reach, options: UpstreamOptions): [Agent, Agent] {
  const dial = async (signal: AbortSignal): Promise<Duplex> => {
    const limit = AbortSignal.timeout(options.connectTimeout);
    return secured(await reach.via.dial(reach.address, AbortSignal.any([signal, limit])), options.scheme);
  };
  // WebSockets have a limit of their own, and must not take the places of requests.
  return [new DialAgent(dial, options.sockets), new DialAgent(dial, Number.POSITIVE_INFINITY)];
}

class DirectAgent extends Agent {
  readonly #open: () => Duplex;

  constructor(open: () => Duplex, options: AgentOptions) {
    super(options);
    this.#open = open;
  }

  override createConnection(): Duplex {
    return this.#open();
  }
}

/** Where a direct way leads: to nothing that no task listens at. @throws DENIED */
export function directWay(address: Address): TcpNetConnectOpts | IpcNetConnectOpts {
  if ('socket' in address) return { path: address.socket };
  checkDirect(address);
  return { host: address.host, port: address.port, lookup: guardedLookup };
}

/** Gives up on hosts that don't answer at all; the system would try for two minutes. */
function openTcp(address: Address, limit: number, onread?: (socket: () => Socket) => OnReadOpts): Socket {
  const where = directWay(address);
  const how = onread === undefined ? {} : { onread: onread(() => socket) };
  const socket: Socket = connectTcp({ ...where, noDelay: true, ...how });
  const timer = setTimeout(() => socket.destroy(tooSlow(limit)), limit);
  const done = (): void => clearTimeout(timer);
  return socket.once('connect', done).once('close', done);
}

/** A task has a certificate of its own making: loopback, or the dialer's channel, is what protects the way. */
function secured(stream: Duplex, scheme: 'http' | 'https'): Duplex {
  return scheme === 'https' ? connectTls({ socket: stream, rejectUnauthorized: false }) : stream;
}
