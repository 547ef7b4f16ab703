import type { Logger } from '@stele/sdk';
import { messageOf } from '@stele/sdk';
import { noSuchTask, notRunning } from './errors.ts';
import type { PortRange } from './listening.ts';
import type { Revocation, SessionGuard, TunnelDirectory } from './ports.ts';
import { TunnelListener } from './tunnel-listener.ts';

/** Where a user's program connects to. */
export interface TunnelPlace {
  readonly host: string;
  readonly port: number;
}

export interface TunnelsOptions {
  readonly tasks: TunnelDirectory;
  readonly sessions: SessionGuard;
  /** Address that listeners bind. */
  readonly bind: string;
  /** Host that users are told. */
  readonly host: string;
  /** Any free one when absent. */
  readonly ports?: PortRange;
  readonly log: Logger;
  readonly limits?: Partial<TunnelLimits>;
}

export interface TunnelLimits {
  /** Connections to one task at a time. */
  readonly connections: number;
  /** Milliseconds after which a listener without a connection closes. */
  readonly idle: number;
  /** Milliseconds after which those who opened a listener are asked about again. */
  readonly decisionLife: number;
  /** Milliseconds that a task may take to accept a connection. */
  readonly connectTimeout: number;
  /** Milliseconds of silence before TCP asks whether the other end is still there. */
  readonly keepAliveDelay: number;
}

const defaultLimits: TunnelLimits = {
  connections: 64,
  idle: 15 * 60_000,
  decisionLife: 60_000,
  connectTimeout: 10_000,
  keepAliveDelay: 30_000,
};

/** The listeners of tasks that are no web application: one a task, made for whoever may use it, closed with the task. */
export class Tunnels implements AsyncDisposable {
  readonly #options: TunnelsOptions;
  readonly #limits: TunnelLimits;
  readonly #listeners = new Map<string, TunnelListener>();
  readonly #closing = new Set<Promise<void>>();
  readonly #subscriptions: readonly Disposable[];
  readonly #timer: NodeJS.Timeout;

  constructor(options: TunnelsOptions) {
    this.#options = options;
    this.#limits = { ...defaultLimits, ...options.limits };
    this.#subscriptions = [
      options.tasks.onChange((key) => this.#taskChanged(key)),
      options.sessions.onRevoked((what) => this.#revoked(what)),
    ];
    this.#timer = setInterval(() => void this.#review((listener) => listener.isUsed), this.#limits.decisionLife);
    this.#timer.unref();
  }

  /**
   * Opens the way to a task for a session that was found to be allowed; the same again while it is open.
   * Rejects with NOT_FOUND, CONFLICT for a task that doesn't run, LIMIT when no port is free.
   */
  async open(key: string, session: string): Promise<TunnelPlace> {
    const { tasks, host } = this.#options;
    const task = tasks.find(key);
    if (task === undefined) throw noSuchTask();
    if (task.phase !== 'running') throw notRunning();
    const listener = this.#listeners.get(key) ?? this.#make(key, task.id);
    listener.admit(session);
    try {
      return { host, port: await listener.port };
    } catch (error) {
      this.#close(key);
      throw error;
    }
  }

  #make(key: string, taskId: string): TunnelListener {
    const { tasks, sessions, bind, ports, log } = this.#options;
    const listener = new TunnelListener({
      key,
      bind,
      ports,
      limits: this.#limits,
      log,
      reach: (signal) => tasks.reach(key, signal),
      mayEnter: (session) => sessions.mayEnter(session, taskId),
      onUnused: () => this.#close(key),
    });
    this.#listeners.set(key, listener);
    return listener;
  }

  #taskChanged(key: string): void {
    const listener = this.#listeners.get(key);
    if (listener === undefined) return;
    if (this.#options.tasks.find(key)?.phase !== 'running') return this.#close(key);
    listener.forgetWay();
    // It may have changed whose it is.
    void this.#recheck(listener);
  }

  #revoked(what: Revocation): void {
    const isMeant = (key: string): boolean =>
      what.task === undefined || this.#options.tasks.find(key)?.id === what.task;
    void this.#review((listener) => isMeant(listener.key));
  }

  async #review(isMeant: (listener: TunnelListener) => boolean): Promise<void> {
    await Promise.all([...this.#listeners.values()].filter(isMeant).map((listener) => this.#recheck(listener)));
  }

  /** What can't be confirmed is ended. */
  async #recheck(listener: TunnelListener): Promise<void> {
    try {
      if (await listener.isStillAllowed()) return;
    } catch (error) {
      this.#options.log.warn('listener could not be confirmed', { task: listener.key, error: messageOf(error) });
    }
    if (this.#listeners.get(listener.key) === listener) this.#close(listener.key);
  }

  #close(key: string): void {
    const listener = this.#listeners.get(key);
    if (listener === undefined) return;
    this.#listeners.delete(key);
    const closing = listener[Symbol.asyncDispose]().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  /** Ends everything that is open. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    for (const subscription of this.#subscriptions) subscription[Symbol.dispose]();
    for (const key of [...this.#listeners.keys()]) this.#close(key);
    await Promise.all(this.#closing);
  }
}
