import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { type Address, type Dialer, type Logger, type Reach, SteleError } from '@stele/sdk';
import type { Clock, GatewayTask, Revocation, SessionGuard, TaskDirectory } from '../ports.ts';

export const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };

export class TestClock implements Clock {
  #now = 1_700_000_000_000;

  now(): number {
    return this.#now;
  }

  pass(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

/** Tasks in memory, whose interfaces are real servers. */
export class TestDirectory implements TaskDirectory {
  readonly #tasks = new Map<string, GatewayTask>();
  readonly #ways = new Map<string, () => Promise<Reach>>();
  readonly #listeners = new Set<(key: string) => void>();
  reachCount = 0;
  /** By task key. */
  readonly authorizations = new Map<string, string>();

  find(key: string): GatewayTask | undefined {
    return this.#tasks.get(key);
  }

  reach(key: string): Promise<Reach> {
    this.reachCount += 1;
    const way = this.#ways.get(key);
    return way === undefined ? Promise.reject(new SteleError('UNREACHABLE', 'no way')) : way();
  }

  authorization(key: string): Promise<string | undefined> {
    return Promise.resolve(this.authorizations.get(key));
  }

  onChange(listener: (key: string) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Makes a task that is ready unless `facts` say otherwise. */
  add(facts: Partial<GatewayTask> = {}, way?: () => Promise<Reach>): GatewayTask {
    const key = facts.key ?? randomBytes(8).toString('hex');
    const task = {
      id: `id-${key}`,
      key,
      name: 'A <task>',
      phase: 'running',
      isReady: true,
      scheme: 'http',
      ...facts,
    } as const;
    this.#tasks.set(key, task);
    if (way !== undefined) this.#ways.set(key, way);
    return task;
  }

  change(key: string, facts: Partial<GatewayTask>): void {
    const task = this.#tasks.get(key);
    if (task !== undefined) this.#tasks.set(key, { ...task, ...facts });
    this.#tell(key);
  }

  reroute(key: string, way: () => Promise<Reach>): void {
    this.#ways.set(key, way);
  }

  remove(key: string): void {
    this.#tasks.delete(key);
    this.#tell(key);
  }

  #tell(key: string): void {
    for (const listener of this.#listeners) listener(key);
  }
}

/** Accounts in memory. */
export class TestGuard implements SessionGuard {
  readonly #allowed = new Set<string>();
  readonly #listeners = new Set<(what: Revocation) => void>();
  askCount = 0;
  /** Set to make it fail, as a database that is gone would. */
  fault: Error | undefined;
  /** Set to keep answers, found already, on their way. */
  hold: Promise<void> | undefined;

  async mayEnter(session: string, task: string): Promise<boolean> {
    this.askCount += 1;
    if (this.fault !== undefined) throw this.fault;
    const isAllowed = this.#allowed.has(`${session} ${task}`);
    await this.hold;
    return isAllowed;
  }

  onRevoked(listener: (what: Revocation) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  allow(session: string, task: GatewayTask): void {
    this.#allowed.add(`${session} ${task.id}`);
  }

  /** Forgets without a word, as time does. */
  forget(session: string, task: GatewayTask): void {
    this.#allowed.delete(`${session} ${task.id}`);
  }

  revoke(session: string, task: GatewayTask): void {
    this.forget(session, task);
    for (const listener of this.#listeners) listener({ session });
  }
}

/** A way that the platform can go by itself. */
export const directly = (address: Address): Reach => ({
  address,
  via: { isDirect: true, dial: () => Promise.reject(new Error('a direct way is not dialled')) },
});

/** A way that only a dialer can go, which counts what it opened. */
export class TestDialer implements Dialer {
  readonly isDirect = false;
  readonly open = new Set<Duplex>();
  count = 0;

  dial(address: Address): Promise<Duplex> {
    const socket = connect('socket' in address ? { path: address.socket } : { host: address.host, port: address.port });
    this.count += 1;
    this.open.add(socket);
    socket.once('close', () => this.open.delete(socket));
    return new Promise((resolve, reject) => {
      socket.once('error', (cause) => reject(new SteleError('UNREACHABLE', cause.message, { cause })));
      socket.once('connect', () => resolve(socket));
    });
  }
}
