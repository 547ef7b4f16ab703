import type { Host } from './access.ts';
import type { Address } from './address.ts';
import type { Architecture, Bind, ImageRef, RegistryCredentials } from './resources.ts';
import { extensionPoint } from './token.ts';

/** What an engine can do at all. */
export interface EngineCapabilities {
  /** Whether it gives a command that runs a container in the foreground, as jobs need it. */
  readonly foreground: boolean;
  /** Whether containers can be started detached and looked after by an operator. */
  readonly detached: boolean;
  /** Whether a container port can be published on another port of the host. */
  readonly portMapping: boolean;
  /**
   * Whether the network of a container that an operator starts is apart from its host's and from other tasks': neither
   * what listens on the host's loopback nor any port of another container can be reached from within it.
   */
  readonly networkIsolation: boolean;
  /**
   * Whether a container's interface can be a Unix socket that the account of the container reaches on its host, and no other
   * account does ({@link ContainerSpec.takesSocket}). Default false.
   */
  readonly sockets?: boolean;
  /** Whether memory and CPU limits can be asked for. */
  readonly limits: boolean;
  /** Whether GPUs can be asked for. */
  readonly gpus: boolean;
  /** OCI runtimes that can be selected. */
  readonly runtimes: readonly string[];
}

/** Where a container's port is published. */
export interface PublishedPort {
  /** Which of the host's IPv4 addresses, e.g. its loopback `127.0.0.1`; `0.0.0.0`: all. */
  readonly host: string;
  /** A number, or the one that the agent picks. Default: one that is free. */
  readonly port?: number | typeof placeholders.port;
}

/** What runs in a container, without a word about which engine runs it. */
export interface ContainerSpec {
  /** Unique on the host, `[a-z0-9][a-z0-9-]{0,62}`: the handle that makes starting idempotent. */
  readonly name: string;
  /** Which image. */
  readonly image: ImageRef;
  /** Architecture of the image. Default: the host's. */
  readonly architecture?: Architecture;
  /**
   * For the image's registry, of use to a {@link ContainerEngine.command} that may have to fetch the image where it runs.
   * Operators are told with {@link PullOptions}. Never in argv or in an environment.
   */
  readonly credentials?: RegistryCredentials;
  /** Environment. Travels by file or standard input, never in argv. Values hold no line break and no NUL. */
  readonly env: Readonly<Record<string, string>>;
  /** The port that the container listens on. */
  readonly port?: number;
  /**
   * Whether it listens on the Unix socket that the engine names in its `BASE_SOCKET`, in place of `port`. Its folder is in
   * {@link placeholders}`.sockets`. Only for engines that can `sockets`. Default false.
   */
  readonly takesSocket?: boolean;
  /** Where on the host `port` is published, by engines that map ports. Default: a free port of the host's loopback. */
  readonly publish?: PublishedPort;
  /** Folders it sees. */
  readonly binds: readonly Bind[];
  /** Marks to find it by. Keys and values `[A-Za-z0-9._:/-]*`. */
  readonly labels: Readonly<Record<string, string>>;
  /** OCI runtime. Default: the best that works on the host. */
  readonly runtime?: string;
  /** Memory limit in bytes. Default: none. */
  readonly memory?: number;
  /** CPU limit in cores, fractions allowed. Default: none. */
  readonly cpus?: number;
  /** Whether it sees the GPUs that its host, or the scheduler, lets it use. Default false. */
  readonly gpus?: boolean;
  /** Arguments after the image. Default: the image's own. */
  readonly args?: readonly string[];
}

/**
 * What nobody knows before the agent stands on its node. A {@link ContainerCommand} holds these words, in arguments and in
 * what it reads; the agent writes what they stand for in their place.
 */
export const placeholders = {
  /** The port that the agent picked on the node. */
  port: '@STELE_PORT@',
  /** Absolute path of the task's own home on the node: a folder of mode 0700. */
  home: '@STELE_HOME@',
  /** Absolute path of the task's own scratch folder on the node: on disk, of mode 0700. */
  scratch: '@STELE_SCRATCH@',
  /**
   * Absolute path of a folder of mode 0700 on the node that is in no container. It holds {@link ContainerCommand.auth} as
   * `config.json`, of mode 0600, until the command has removed it; nothing where the command brings none.
   */
  auth: '@STELE_AUTH@',
  /** Absolute path of a folder of mode 0700 on the node for the socket of the task's interface, which is named `interface`. */
  sockets: '@STELE_SOCKETS@',
} as const;

/**
 * Whether a path that an agent's record names can be its task's socket. What runs there may have written the record: it must not
 * lead to a socket of anybody's daemon.
 */
export function isTaskSocket(path: string): boolean {
  return /^(\/[^/\0\n]+)*\/stele-[A-Za-z0-9]{10}\/sockets\/interface$/.test(path) && !path.split('/').includes('..');
}

/** A command to run in the foreground, under an agent or in a job. */
export interface ContainerCommand {
  /** Program and arguments, with {@link placeholders}. No line breaks. */
  readonly argv: readonly string[];
  /** What the command has to read on standard input, e.g. its environment, with {@link placeholders}. Secret. */
  readonly stdin: string;
  /** Environment of the command itself, e.g. for its registry credentials, with {@link placeholders}. Secret. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * Credentials for registries, as Docker and Podman keep them in `config.json`: what the command finds in
   * {@link placeholders}`.auth`, and removes as soon as the image is there. It finds them once: a command that is run again
   * has the image. Secret.
   */
  readonly auth?: string;
  /**
   * A command that takes away what is left of the container, whatever became of it: the agent runs it when the command
   * has ended, and before it starts it another time. Idempotent. With {@link placeholders}, no line breaks.
   */
  readonly after?: readonly string[];
}

/** What an engine on a host answers to being asked how it is. */
export interface EngineStatus {
  /** What answered, where the engine may be one of several: `Podman`. Default: what the engine's title says. */
  readonly product?: string;
  /** Version, e.g. `4.3.1`. */
  readonly version: string;
  /** OCI runtimes that are there and work. */
  readonly runtimes: readonly string[];
  /** Architecture of the host. */
  readonly architecture: Architecture;
  /** Whether it runs without root. */
  readonly rootless: boolean;
  /** Whether memory and CPU limits are enforced here. */
  readonly limits: boolean;
  /** What it tells of its host; what the host tells itself is preferred. */
  readonly machine?: { readonly cpus?: number; readonly memory?: number; readonly system?: string };
  /** What keeps containers from each other, for people, e.g. `a network for each task`. Absent: nothing does. */
  readonly network?: string;
}

/** State of one container. `absent` means looked for and positively not there. */
export type ContainerState =
  | { readonly phase: 'absent' }
  | { readonly phase: 'created' }
  | { readonly phase: 'running'; readonly startedAt: string; readonly address?: Address; readonly digest?: string }
  | {
      readonly phase: 'ended';
      /** Absent when nobody knows: the host went down while it ran. */
      readonly exitCode?: number;
      /** Whether the kernel ended it for want of memory, by positive evidence. */
      readonly outOfMemory: boolean;
      /** What the engine says about the end, where it says something. */
      readonly error?: string;
      readonly startedAt?: string;
      /** Absent when nobody knows. */
      readonly endedAt?: string;
      readonly digest?: string;
    };

/** Choices of {@link ContainerOperator.status}. */
export interface StatusOptions {
  /** Seconds for which an answer to leases of the same {@link Host.connection} may be given again. Default 0: the engine is asked. */
  readonly maxAge?: number;
}

/** Choices of {@link ContainerOperator.pull}. */
export interface PullOptions {
  /** For a private registry. Never in argv. */
  readonly credentials?: RegistryCredentials;
  /** Architecture to fetch. Default: the host's. */
  readonly architecture?: Architecture;
  /** Called with a short sentence as the pull goes on. */
  readonly onProgress?: (message: string) => void;
}

/** Choices of {@link ContainerOperator.logs} and {@link ComputingDriver.logs}. */
export interface LogOptions {
  /** Whether to go on until the container ends. Default false. */
  readonly follow?: boolean;
  /** Only the last this many lines. Default: all. */
  readonly tail?: number;
}

/** An image that is on a host. */
export interface ImageFound {
  /** As it is run. */
  readonly image: ImageRef;
  /** By which its registry knows it, where that is known. */
  readonly digest?: string;
}

/**
 * Looks after detached containers of one engine on one host (by its command line) or behind one endpoint (by its API).
 * All methods throw UNREACHABLE when the engine doesn't answer in time and UNSUPPORTED when it isn't there.
 */
export interface ContainerOperator {
  /** How the engine is. It is asked each time, unless the choices let it answer what is known already. */
  status(signal: AbortSignal, options?: StatusOptions): Promise<EngineStatus>;
  /** Whether the image is there already. */
  hasImage(image: ImageRef, signal: AbortSignal): Promise<boolean>;
  /** Fetches an image. NOT_FOUND (field `image`) when there is none; DENIED when the registry refuses; UNREACHABLE (field `image`) when it doesn't answer. */
  pull(image: ImageRef, options: PullOptions, signal: AbortSignal): Promise<void>;
  /**
   * Makes the container and starts it. Idempotent by `spec.name`: one that exists is started if it never was, and is
   * left alone otherwise. Does not pull: NOT_FOUND (field `image`) when the image isn't there.
   */
  start(spec: ContainerSpec, signal: AbortSignal): Promise<void>;
  /**
   * {@link ContainerOperator.hasImage} and {@link ContainerOperator.digest} in one question, where an engine has one: a launch waits for
   * the answer. Nothing when the image isn't there. Absent: both are asked.
   */
  lookUp?(image: ImageRef, signal: AbortSignal): Promise<ImageFound | undefined>;
  /** By what its registry knows the image that is there. Nothing for one that came from no registry. */
  digest?(image: ImageRef, signal: AbortSignal): Promise<string | undefined>;
  /**
   * The commands that {@link ContainerOperator.start} would run, for people to read. Without the environment's values. What
   * speaks an API tells its requests as commands of curl.
   */
  preview(spec: ContainerSpec, signal: AbortSignal): Promise<readonly (readonly string[])[]>;
  /** State of each named container, in one call to the engine. */
  observe(names: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ContainerState>>;
  /**
   * Names of all containers with this label, running or not; also of one of which only something else is left, e.g. its
   * network: {@link ContainerOperator.remove} takes that away.
   */
  find(label: string, value: string, signal: AbortSignal): Promise<readonly string[]>;
  /**
   * TERM, then KILL after `grace` seconds. Idempotent: fine when it has ended or is absent. One that was made and never
   * started is removed.
   */
  stop(name: string, grace: number, signal: AbortSignal): Promise<void>;
  /** Removes it, running or not, with its volumes. Idempotent. */
  remove(name: string, signal: AbortSignal): Promise<void>;
  /** Standard output and error together, as they came. NOT_FOUND when it is absent. */
  logs(name: string, options: LogOptions, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

/** A container engine: `podman`, `docker`, `singularity`. */
export interface ContainerEngine {
  /** For people, e.g. `Podman`. */
  readonly title: string;
  /** What it can do. */
  readonly capabilities: EngineCapabilities;
  /**
   * The command that runs a container in the foreground. Pure. Throws INVALID for what the engine can't express, UNSUPPORTED
   * where `foreground` is false.
   */
  command(spec: ContainerSpec): ContainerCommand;
  /** Who looks after this engine's detached containers on `host`. UNSUPPORTED where `detached` is false. */
  operator(host: Host): ContainerOperator;
}

/** Where plugins add container engines. */
export const ContainerEngines = extensionPoint<ContainerEngine>('core.container-engines');
