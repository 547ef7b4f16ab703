import type { Outcome, Phase, Reach } from '@stele/sdk';

/** What the gateway has to know of a task. A snapshot: a change comes as a new object. */
export interface GatewayTask {
  readonly id: string;
  /** `[a-z0-9]{16}`: the name of its origin. */
  readonly key: string;
  readonly name: string;
  readonly phase: Phase;
  readonly outcome?: Outcome | undefined;
  /** A sentence for people. */
  readonly reason?: string | undefined;
  /** Whether its interface answered its protocol's probe. */
  readonly isReady: boolean;
  /** What its interface speaks. */
  readonly scheme: 'http' | 'https';
}

/** The tasks, as the gateway sees them. */
export interface TaskDirectory {
  /** From memory: asked once per request. */
  find(key: string): GatewayTask | undefined;
  /** How to get to a running task; slow, so the gateway keeps the answer until it fails or the task changes. */
  reach(key: string, signal: AbortSignal): Promise<Reach>;
  /**
   * What a request says in `Authorization` when its sender says nothing there: the task's one-time password, so that
   * whoever was let in here needn't type it.
   */
  authorization?(key: string): Promise<string | undefined>;
  /** Calls `listener` with the key of each task that changed, moved, or went away. */
  onChange(listener: (key: string) => void): Disposable;
}

/** What a listener has to know of a task that is no web application. */
export type TunnelTask = Omit<GatewayTask, 'scheme' | 'isReady'>;

/** The tasks that are reached by a TCP listener. */
export interface TunnelDirectory extends Omit<TaskDirectory, 'find' | 'authorization'> {
  find(key: string): TunnelTask | undefined;
}

/** What was revoked: everything that matches all of the fields present. */
export interface Revocation {
  readonly session?: string;
  /** Task id. */
  readonly task?: string;
}

/** Who may enter, as accounts decide. */
export interface SessionGuard {
  /** Whether the session is alive and its user may connect to the task. Rejects when that can't be found out. */
  mayEnter(session: string, task: string): Promise<boolean>;
  /** Calls `listener` whenever an answer given before may have become `false`. */
  onRevoked(listener: (what: Revocation) => void): Disposable;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface Random {
  bytes(count: number): Buffer;
}
