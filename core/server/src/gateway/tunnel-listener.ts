import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Logger, messageOf, type Reach } from '@stele/sdk';
import { cannotBind, noFreePort } from './errors.ts';
import { candidates, type PortRange, tryListen } from './listening.ts';
import { tunnel } from './tunnel.ts';
import { directWay } from './upstream.ts';
import type { TunnelLimits } from './tunnels.ts';

export interface TunnelListenerParts {
  /** Task key. */
  readonly key: string;
  readonly bind: string;
  readonly ports: PortRange | undefined;
  readonly limits: TunnelLimits;
  readonly log: Logger;
  reach(signal: AbortSignal): Promise<Reach>;
  mayEnter(session: string): Promise<boolean>;
  /** Called when nobody has used it for long. */
  onUnused(): void;
}

/** One task's listener, and the connections that came by it. */
export class TunnelListener implements AsyncDisposable {
  readonly key: string;
  /** Rejects when it can't listen. */
  readonly port: Promise<number>;
  readonly #parts: TunnelListenerParts;
  readonly #server: Server;
  readonly #open = new Set<Duplex>();
  /** Sessions that asked for it: it lives by the right of any of them. */
  readonly #sessions = new Set<string>();
  readonly #closing = new AbortController();
  #count = 0;
  #way: Promise<Reach> | undefined;
  #idle: NodeJS.Timeout | undefined;

  constructor(parts: TunnelListenerParts) {
    this.key = parts.key;
    this.#parts = parts;
    // Half-closed is a state of its own in many protocols: the one that has said all still listens.
    this.#server = createServer({ allowHalfOpen: true }, (socket) => void this.#arrive(socket));
    this.port = this.#listen();
    void Promise.allSettled([this.port]); // Whoever asked is told, and may have asked no more.
  }

  /** Whether there are connections. */
  get isUsed(): boolean {
    return this.#count > 0;
  }

  admit(session: string): void {
    this.#sessions.add(session);
    this.#rest();
  }

  /** The task has changed: how to get there is asked anew. */
  forgetWay(): void {
    this.#way = undefined;
  }

  /** Forgets the sessions that lost their right; `false` when none is left. Rejects when that can't be found out. */
  async isStillAllowed(): Promise<boolean> {
    for (const session of [...this.#sessions]) {
      if (!(await this.#parts.mayEnter(session))) this.#sessions.delete(session);
    }
    return this.#sessions.size > 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#idle);
    this.#closing.abort();
    for (const stream of this.#open) stream.destroy();
    await Promise.allSettled([this.port]);
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  async #listen(): Promise<number> {
    const { bind: host, ports, key } = this.#parts;
    try {
      if (ports === undefined) await tryListen(this.#server, { host, port: 0 });
      else if (!(await this.#listenWithin(ports))) throw noFreePort(ports.from, ports.to);
    } catch (cause) {
      throw (cause as NodeJS.ErrnoException).syscall === undefined ? cause : cannotBind(host, cause);
    }
    // An accept that fails, for want of descriptors, is not the end of the platform.
    this.#server.on('error', (error) => this.#parts.log.warn('listener failed', { task: key, error: error.message }));
    return (this.#server.address() as AddressInfo).port;
  }

  async #listenWithin(ports: PortRange): Promise<boolean> {
    for (const port of candidates(this.key, ports)) {
      if (await tryListen(this.#server, { host: this.#parts.bind, port })) return true;
    }
    return false;
  }

  async #arrive(socket: Socket): Promise<void> {
    const { limits, log, onUnused } = this.#parts;
    socket.on('error', () => undefined); // Its end is told by `close`.
    if (this.#closing.signal.aborted || this.#count >= limits.connections) return void socket.resetAndDestroy();
    this.#count += 1;
    clearTimeout(this.#idle);
    socket.once('close', () => this.#leave());
    this.#track(socket);
    try {
      if (!(await this.isStillAllowed())) return onUnused();
      const far = await this.#dial();
      if (socket.destroyed) return void far.destroy();
      for (const end of [socket, far]) keepAlive(end, limits.keepAliveDelay);
      tunnel(socket, far);
    } catch (error) {
      log.warn('task can’t be reached', { task: this.key, error: messageOf(error) });
      socket.resetAndDestroy();
    }
  }

  /** Over the way that is known; over one asked anew where that has gone. */
  async #dial(): Promise<Duplex> {
    const known = this.#way;
    const way = (this.#way ??= this.#parts.reach(this.#closing.signal));
    try {
      return await this.#connect(await way);
    } catch (error) {
      if (this.#way === way) this.#way = undefined;
      if (known === undefined || this.#closing.signal.aborted) throw error;
      return this.#dial();
    }
  }

  async #connect({ address, via }: Reach): Promise<Duplex> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#parts.limits.connectTimeout)]);
    const far = await (via.isDirect ? connectDirectly(address, signal) : via.dial(address, signal));
    far.on('error', () => undefined);
    this.#track(far);
    if (this.#closing.signal.aborted) far.destroy();
    return far;
  }

  #track(stream: Duplex): void {
    this.#open.add(stream);
    stream.once('close', () => this.#open.delete(stream));
  }

  #leave(): void {
    this.#count -= 1;
    this.#rest();
  }

  #rest(): void {
    clearTimeout(this.#idle);
    if (this.#count > 0 || this.#closing.signal.aborted) return;
    this.#idle = setTimeout(() => this.#parts.onUnused(), this.#parts.limits.idle);
    this.#idle.unref();
  }
}

function connectDirectly(address: Reach['address'], signal: AbortSignal): Promise<Socket> {
  const where = directWay(address);
  return new Promise((resolve, reject) => {
    const socket = connect({ ...where, noDelay: true, allowHalfOpen: true });
    const give = (): void => void socket.destroy(signal.reason as Error);
    if (signal.aborted) give();
    signal.addEventListener('abort', give, { once: true });
    socket.once('error', reject);
    socket.once('close', () => signal.removeEventListener('abort', give));
    socket.once('connect', () => {
      signal.removeEventListener('abort', give);
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

function keepAlive(stream: Duplex & Partial<Pick<Socket, 'setKeepAlive' | 'setNoDelay'>>, delay: number): void {
  stream.setNoDelay?.(true);
  stream.setKeepAlive?.(true, delay);
}
