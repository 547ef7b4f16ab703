import { token } from './token.ts';

/** What a driver wants to hear of one task. */
export interface CallbackOrder {
  /** UUID of the computing resource. */
  readonly resource: string;
  /** The task's key. */
  readonly key: string;
  /** Networks that calls may come from, e.g. `10.20.0.0/16`, as the platform sees them. */
  readonly networks: readonly string[];
  /** What the first caller is handed, e.g. what it is to run. May be secret: it is kept sealed, and for as long as it is not fetched. */
  readonly parcel: string;
}

/** Where a task calls, and what lets it in. */
export interface CallbackPlace {
  /** Address on the platform. No secret. */
  readonly url: string;
  /** Opens it once: whoever shows it first calls with a secret of their own from then on. Secret until then. */
  readonly ticket: string;
}

/** What a task told last. Times are the platform's, ISO 8601 UTC. */
export interface CallbackRecord {
  /** Number of the last step; 0: it has its parcel and told nothing yet. Absent: nobody has called. */
  readonly step?: number;
  /** What was told with it, as it came: it may hold anything. */
  readonly text: string;
  /** When it was last heard. */
  readonly heardAt?: string;
}

/**
 * Lets what runs on a resource call the platform, for drivers of resources where nobody can look. Calls come in order, each step is
 * accepted once, and only from the networks that were named. Calls get lost: what ends a task is the word of its scheduler.
 * What the agent says and is answered is told in the docs of the agent.
 */
export interface CallbackService {
  /** The platform's own address, as tasks are told it: `https://stele.example.org`. */
  origin(): string;
  /**
   * Waits for a task's calls. Idempotent by the task: the same place again, with the new networks, and with the new parcel
   * unless the first one was handed out.
   * @throws INVALID (field `networks`) for what is no network, LIMIT for a parcel of more than 1 MiB
   */
  open(order: CallbackOrder): Promise<CallbackPlace>;
  /** By key, what tasks told; those that nobody waits for are left out. */
  read(resource: string, keys: readonly string[]): Promise<ReadonlyMap<string, CallbackRecord>>;
  /** Waits no longer: later calls are refused, and what was told is gone. Idempotent. */
  close(resource: string, key: string): Promise<void>;
}

/** The core's {@link CallbackService}, of the plugin that asks. */
export const Callbacks = token<CallbackService>('core.callbacks');
