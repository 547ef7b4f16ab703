import type { AuthMode } from './access.ts';
import type { TaskEvent } from './api/tasks.ts';
import type { Reach } from './address.ts';
import type { Call } from './call.ts';
import type { LogOptions } from './engine.ts';
import type { FileTree, WriteOptions } from './files.ts';
import type { JsonObject, JsonSchema } from './json.ts';
import type {
  Architecture,
  Bind,
  ComputingResource,
  EngineChoice,
  ImageRef,
  RegistryCredentials,
} from './resources.ts';
import { extensionPoint } from './token.ts';

export type { TaskEvent };

/** Where a task can be in its life. */
export const phases = [
  'submitting',
  'queued',
  'starting',
  'running',
  'stopping',
  'held',
  'suspended',
  'unknown',
  'ended',
] as const;

/** Where a task is in its life. */
export type Phase = (typeof phases)[number];

/** How a task can have ended. */
export const outcomes = [
  'completed',
  'failed',
  'cancelled',
  'timed-out',
  'out-of-memory',
  'node-failed',
  'preempted',
  'rejected',
  'lost',
] as const;

/** How a task ended. */
export type Outcome = (typeof outcomes)[number];

/** A combination of access and credentials that a driver can work with. */
export interface Accepted {
  /** Id in {@link AccessMethods}, or `api`. */
  readonly access: string;
  /** Credentials that go with it. */
  readonly auth: readonly AuthMode[];
  /**
   * Whether only administrators may make and change such a resource, whosever the credentials: the platform's own process connects to
   * wherever its settings say. Default false.
   */
  readonly isForAdmins?: boolean;
}

/** What a driver can do beyond the minimum. */
export interface ComputingCapabilities {
  /** Whether tasks may wait in a queue. */
  readonly queues: boolean;
  /** Whether {@link ComputingDriver.extend} works. */
  readonly extend: boolean;
  /** Whether {@link ComputingDriver.hold} and {@link ComputingDriver.release} work. */
  readonly hold: boolean;
  /** Whether its resources run containers by themselves, so that there is no engine of a plugin to choose. Default false. */
  readonly bringsEngine?: boolean;
  /** Whether it fetches images with {@link Launch.credentials}. Default true. */
  readonly registryCredentials?: boolean;
}

/** Who else gets to the interface of a task: others of a cluster, where the container shares its node’s network. */
export interface Exposure {
  /** A sentence for people, shown before a launch of software that asks for no password. */
  readonly says: string;
  /** Whether the operator wants no such launch. */
  readonly isRefused: boolean;
  /** Whether nobody else gets to software that {@link TaskInterface.takesSocket}. Default false. */
  readonly sparesSockets?: boolean;
}

/** A fact about a resource, for people: `CPU` → `16 cores`. */
export interface ComputingFact {
  readonly label: string;
  readonly value: string;
  /** Whether it is about one of the choices in the launch form, which says it there: a check tells it, the form doesn't repeat it. Default false. */
  readonly isChoice?: boolean;
}

/** What a resource offers right now: for the launch form and for the server's check of what the form sent. */
export interface ComputingDescription {
  /** Architectures that run natively, the best first. */
  readonly architectures: readonly Architecture[];
  /** Architectures that run by emulation, slowly. */
  readonly emulated: readonly Architecture[];
  /** Engines and runtimes that are there, the best first. */
  readonly engines: readonly EngineChoice[];
  /** By engine: who but the platform gets to interfaces of tasks. Absent: nobody does. */
  readonly exposures?: Readonly<Record<string, Exposure>>;
  /** Facts for people, in the order to show them. */
  readonly facts: readonly ComputingFact[];
  /** The driver's own data, for {@link ComputingDriver.options}. */
  readonly detail: JsonObject;
}

/** The interface that a task's container opens. */
export interface TaskInterface {
  /** Port in the container. */
  readonly port: number;
  /** Id in {@link InterfaceProtocols}. */
  readonly protocol: string;
  /** Transport protocol. */
  readonly transport: 'tcp' | 'udp';
  /** Whether the software listens on the Unix socket that `BASE_SOCKET` names, where it is told one, in place of its port. Default false. */
  readonly takesSocket?: boolean;
}

/** Everything that is needed to run a task. Checked by the core before any driver sees it. */
export interface Launch {
  /** The task's key, `[a-z0-9]{16}`: what makes submission idempotent and leftovers adoptable. */
  readonly key: string;
  /** The name that the user gave. Never part of a path or a command. */
  readonly name: string;
  /** What runs. */
  readonly image: ImageRef;
  /** Architecture chosen. */
  readonly architecture?: Architecture;
  /** Credentials for the image's registry. */
  readonly credentials?: RegistryCredentials;
  /** Its interface. */
  readonly interface: TaskInterface;
  /** Environment by name. May hold secrets: never in argv, logs or {@link ComputingDriver.preview}. */
  readonly env: Readonly<Record<string, string>>;
  /** Folders that the container sees. */
  readonly binds: readonly Bind[];
  /** Where the container sees the folder that {@link ComputingDriver.stage} keeps for it: absolute. Absent: it has none. */
  readonly stage?: string;
  /** Which engine, and which of its runtimes. Default: the first that works. */
  readonly engine?: { readonly id: string; readonly runtime?: string };
  /** The user's choices, valid by {@link ComputingDriver.options}. */
  readonly options: JsonObject;
}

/** A task as the driver knows it: the key it was given and the reference it gave back. */
export interface TaskHandle {
  /** The task's key. */
  readonly key: string;
  /** What {@link ComputingDriver.submit} returned; absent when the platform died before it could store it. */
  readonly ref?: string;
  /** With whose credentials it was submitted. */
  readonly who: Call['who'];
}

/** What a driver saw of one task. */
export type Observation =
  | {
      /** Looked for and positively not there. Not an outcome: the core decides, after a grace time. */
      readonly phase: 'absent';
    }
  | {
      /** Could not be seen this time. Nothing changes but the reason. */
      readonly phase: 'unknown';
      readonly reason: string;
    }
  | {
      readonly phase: 'queued' | 'starting' | 'running' | 'stopping' | 'held' | 'suspended';
      /** The reference, for a task found by its key. */
      readonly ref?: string;
      /** A sentence for people. */
      readonly reason?: string;
      /** The scheduler's own word. */
      readonly detail?: string;
      /** ISO 8601 UTC. */
      readonly startedAt?: string;
      /** Estimated start, ISO 8601 UTC. */
      readonly expectedAt?: string;
      /** Digest of the image that runs. */
      readonly digest?: string;
      /** Where it runs. */
      readonly nodes?: readonly string[];
    }
  | {
      /** Positive evidence of an end: accounting, an exit record, the engine's answer. */
      readonly phase: 'ended';
      readonly outcome: Exclude<Outcome, 'lost'>;
      readonly ref?: string;
      readonly reason?: string;
      readonly detail?: string;
      readonly exitCode?: number;
      readonly startedAt?: string;
      readonly endedAt?: string;
      readonly digest?: string;
      readonly nodes?: readonly string[];
    };

/** What a launch would send, for people to read. Secrets are masked. */
export interface LaunchPreview {
  /** How to show it. */
  readonly language: 'shell' | 'yaml' | 'json';
  /** The text. */
  readonly text: string;
}

/** As much of a file tree as bringing files to a task and back asks for. */
export interface StageTree extends Pick<FileTree, 'list' | 'stat' | 'read' | 'makeFolder' | 'remove' | 'usage'> {
  /** Writes a file whose size is known; as {@link FileTree.write} else: whole or not at all. */
  write(
    path: string,
    content: AsyncIterable<Uint8Array>,
    options: WriteOptions & { readonly size: number },
    signal: AbortSignal,
  ): Promise<unknown>;
}

/**
 * Folders of tasks' own, for resources whose tasks mount no storage: files are put there before a task starts and fetched after it has
 * ended. Such a folder outlives the task, however that ends, and is gone only when {@link TaskStage.remove} has removed it.
 */
export interface TaskStage {
  /** Whether tasks of the resource can have one. Pure. */
  isOffered(resource: ComputingResource): boolean;
  /**
   * Opens the task's folder, made where it is missing: before the task was submitted, while it runs, and after its end, also when
   * {@link ComputingDriver.clean} has been called. One at a time for each task. UNREACHABLE, DENIED, LIMIT, INVALID.
   */
  open(resource: ComputingResource, task: TaskHandle, call: Call): Promise<StageTree & AsyncDisposable>;
  /** Removes the folder with all that is in it. Idempotent. */
  remove(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void>;
}

/** Runs tasks on resources of one kind: `standalone`, `slurm`, `kubernetes`. Stateless between calls. */
export interface ComputingDriver {
  /** For people, e.g. `Slurm cluster`. */
  readonly title: string;
  /** Whether a resource of this kind is one host or many. */
  readonly kind: 'standalone' | 'cluster';
  /** Access and credentials it works with. */
  readonly accepts: readonly Accepted[];
  /** What it can do beyond the minimum. */
  readonly capabilities: ComputingCapabilities;
  /** Settings that a resource of this kind has. */
  readonly conf: JsonSchema;
  /** What `user-token` and `platform-token` stand for; asked for with {@link Credentials}. Absent where neither is accepted. */
  readonly credentials?: JsonSchema;
  /** What the resource offers right now; doubles as the resource's health check. UNREACHABLE, DENIED, UNSUPPORTED. */
  describe(resource: ComputingResource, call: Call): Promise<ComputingDescription>;
  /** Schema of launch options; pure. The same for the form and for the server's check. */
  options(resource: ComputingResource, description: ComputingDescription): JsonSchema;
  /** What {@link ComputingDriver.submit} would send. Secrets masked. */
  preview(resource: ComputingResource, launch: Launch, call: Call): Promise<LaunchPreview>;
  /**
   * Submits. Idempotent by `launch.key`: called again after a crash it finds what it made before and makes nothing twice.
   * May take long (an image is pulled); says how far it is by `progress`.
   * @returns a reference for the calls below
   * @throws NOT_FOUND (field `image`), INVALID, DENIED, LIMIT: it will never run; UNREACHABLE: is tried again, unless a
   * `field` says that it is the wish that leads nowhere, e.g. to a registry that doesn't answer. DENIED with the field `image`
   * says that the registry refuses the image to these credentials, or without any
   */
  submit(resource: ComputingResource, launch: Launch, progress: (reason: string) => void, call: Call): Promise<string>;
  /**
   * State of many tasks in as few calls to the resource as can be, whatever their number.
   * @returns by task key, one entry for each handle
   * @throws UNREACHABLE when the resource can't be asked: the core then changes no task
   */
  observe(
    resource: ComputingResource,
    tasks: readonly TaskHandle[],
    call: Call,
  ): Promise<ReadonlyMap<string, Observation>>;
  /** Asks a task to end, gently and then firmly. Returns when it is asked; {@link ComputingDriver.observe} tells the end. Idempotent. */
  cancel(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void>;
  /** Removes what an ended task left on the resource. Idempotent. */
  clean(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void>;
  /**
   * What the task printed. NOT_FOUND when there is nothing (any more). What follows may break off or end early: the core reads on from where
   * it was as long as the task runs.
   */
  logs(resource: ComputingResource, task: TaskHandle, options: LogOptions, call: Call): AsyncIterable<Uint8Array>;
  /**
   * What happened to a task, the oldest first, as far as the resource remembers; shown beside the log. For those whose reasons
   * {@link ComputingDriver.observe} can't tell in a sentence.
   */
  events?(resource: ComputingResource, task: TaskHandle, call: Call): Promise<readonly TaskEvent[]>;
  /** Where the task's interface is and who gets there. CONFLICT while the task isn't running. */
  reach(resource: ComputingResource, task: TaskHandle, call: Call): Promise<Reach>;
  /**
   * Folders, apart from the account's home, in which it keeps what tasks have: where one account runs everybody's, no storage may
   * show them. Absolute; `$USER` is the account's name. Pure.
   */
  keeps?(resource: ComputingResource): readonly string[];
  /** Folders of tasks' own; absent where there are none. */
  readonly stage?: TaskStage;
  /** Gives a running task more time. */
  extend?(resource: ComputingResource, task: TaskHandle, seconds: number, call: Call): Promise<void>;
  /** Keeps a queued task from starting. */
  hold?(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void>;
  /** Lets a held task go on. */
  release?(resource: ComputingResource, task: TaskHandle, call: Call): Promise<void>;
}

/** Where plugins add computing drivers. */
export const ComputingDrivers = extensionPoint<ComputingDriver>('core.computing-drivers');
