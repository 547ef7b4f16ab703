import type { Duplex, Readable, Writable } from 'node:stream';
import type { Dialer } from './address.ts';
import type { Call } from './call.ts';
import type { FileTree } from './files.ts';
import type { SteleError } from './errors.ts';
import type { JsonObject, JsonSchema } from './json.ts';
import { extensionPoint } from './token.ts';

/** Ways to prove who one is to a resource. `none`: the platform's own process needs no proof. */
export const authModes = [
  'none',
  'user-keys',
  'platform-keys',
  'user-token',
  'platform-token',
  'platform-certificate',
] as const;

/** With whose credentials a resource is used. */
export type AuthMode = (typeof authModes)[number];

/** Choices of {@link Host.exec} and {@link Host.spawn}. */
export interface ExecOptions {
  /** Working directory on the host. Default: the identity's home. */
  readonly cwd?: string;
}

/** Choices of {@link Host.exec}. */
export interface RunOptions extends ExecOptions {
  /** What the command reads. Scripts and secrets travel here, never in argv. Default: nothing (EOF at once). */
  readonly stdin?: string | Uint8Array;
  /** Bytes kept of each output; more ends the command with PROTOCOL. Default 16 MiB. */
  readonly maxOutput?: number;
}

/** How a command ended. */
export interface ExecResult {
  /** Exit code; 128 + n when signal n ended it. */
  readonly exitCode: number;
  /** Whole standard output, as UTF-8. */
  readonly stdout: string;
  /** Whole standard error, as UTF-8. */
  readonly stderr: string;
}

/** A running command. Ends with its host's lease. */
export interface Process {
  /** Its standard input. */
  readonly stdin: Writable;
  /** Its standard output. */
  readonly stdout: Readable;
  /** Its standard error. */
  readonly stderr: Readable;
  /** Resolves at its end with the exit code (128 + n for signal n); rejects UNREACHABLE when the way to it is lost. */
  readonly exited: Promise<number>;
  /** Asks it to end (TERM), then insists (KILL) after 2 s. */
  kill(): void;
}

/** An API that an access leads to in place of a shell, e.g. a daemon that speaks TLS. Knows nothing of what is spoken there. */
export interface Endpoint {
  /** Where it is, as the authority of a URL: `docker.example.org:2376`. */
  readonly authority: string;
  /**
   * Opens a stream to it, secured, with the proof of who one is.
   * @throws UNREACHABLE, DENIED, INVALID (field below `accessConf`)
   */
  connect(signal: AbortSignal): Promise<Duplex>;
  /** What the error of such a stream means: a certificate may be refused when the stream is open already. */
  explain(error: unknown): SteleError;
}

/**
 * One host as one identity sees it: a lease on a pooled connection. Disposing gives the lease back; the pool decides
 * when the connection ends. Where the access leads to an {@link Endpoint} and to no shell, commands and files are refused with
 * UNSUPPORTED, and {@link Dialer.dial} leads to where the resource says that tasks listen.
 */
export interface Host extends Dialer, AsyncDisposable {
  /** For people: `this machine`, `alice@login.example.org`. */
  readonly name: string;
  /** Name of the account on the host; empty for an endpoint. */
  readonly user: string;
  /**
   * The same object for all leases of one account on one host, for as long as they share a connection: what was learnt about the host can
   * be kept with it, in a `WeakMap`. Absent: a lease shares nothing with others.
   */
  readonly connection?: object;
  /** The API that is all there is of this host. Absent: it has a shell and files. */
  readonly endpoint?: Endpoint;
  /**
   * Runs a command to its end. A non-zero exit is a result, not an error. What it leaves behind in the background isn't
   * waited for, even where that holds its outputs.
   * @param argv program and arguments; no shell ever sees them
   * @throws UNREACHABLE when the host doesn't answer or `call.signal` aborts (the command is ended); NOT_FOUND when there
   * is no such program; DENIED when it may not be run; UNSUPPORTED where there is no shell
   */
  exec(argv: readonly string[], options: RunOptions, signal: AbortSignal): Promise<ExecResult>;
  /** Starts a command whose output is read as it comes. Errors as {@link Host.exec}. Aborting `signal` kills it. */
  spawn(argv: readonly string[], options: ExecOptions, signal: AbortSignal): Promise<Process>;
  /**
   * A folder of the host as a tree that nothing leads out of. UNSUPPORTED where there are no files.
   * @param root absolute path of an existing folder
   */
  files(root: string): FileTree;
  /** Makes a folder and its missing parents; fine when it exists. For the operator's paths, never a user's. */
  ensureFolder(path: string, mode: number, signal: AbortSignal): Promise<void>;
  /**
   * Where a path leads when all links on it are followed. For looking where an operator's path is, never a user's.
   * @param path absolute; or `~`, the account's home, and what is below it
   * @returns an absolute path; `undefined` where nothing is
   */
  realPath(path: string, signal: AbortSignal): Promise<string | undefined>;
  /**
   * Leases a host that this one gets to, e.g. a compute node behind a login node, with the same proof of who one is.
   * Absent where the way ends here. It lives on without this lease.
   * @param name its name or address, as this host resolves it
   * @throws UNREACHABLE, DENIED
   */
  neighbour?(name: string, signal: AbortSignal): Promise<Host>;
}

/** What an {@link AccessMethod} needs to know to open a host. */
export interface AccessTarget {
  /** Id of the computing or storage resource (UUID). */
  readonly resource: string;
  /** The resource's access settings, valid by {@link AccessMethod.conf}. */
  readonly conf: JsonObject;
  /** With whose credentials. */
  readonly auth: AuthMode;
  /**
   * Whether the host was named by somebody who is no administrator. From the platform's own process such a host is reached at
   * public addresses alone, and in networks that the operator has allowed: nobody may look around in the platform's network
   * ({@link DirectDialOptions.publicOr}). Default false.
   */
  readonly isGuarded?: boolean;
}

/** A way to reach hosts: `local`, `ssh`, `tls`. */
export interface AccessMethod {
  /** For people, e.g. `SSH`. */
  readonly title: string;
  /** Which credentials it can use. */
  readonly auth: readonly AuthMode[];
  /** What a resource must say to be reached this way (host, port, …). */
  readonly conf: JsonSchema;
  /**
   * Whether it opens the machine, and the files, of the platform itself: storages then keep apart from what is the platform's
   * own there. Default false.
   */
  readonly isHere?: boolean;
  /**
   * Leases the host for `call.who`. Connections are pooled by (target, identity) and shared.
   * @throws UNREACHABLE, DENIED, INVALID (field below `accessConf`)
   */
  open(target: AccessTarget, call: Call): Promise<Host>;
}

/** Where plugins add access methods. */
export const AccessMethods = extensionPoint<AccessMethod>('core.access-methods');
