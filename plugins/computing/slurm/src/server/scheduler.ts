import type { Architecture } from '@stele/sdk';
import type { Job } from './job.ts';
import type { Beginning } from './launch/begin.ts';
import type { Request } from './launch/request.ts';

/** A partition, and the best of its nodes. Amounts that are absent have no limit, or none that is known. */
export interface Partition {
  readonly name: string;
  readonly isDefault: boolean;
  /** Whether it starts jobs at the moment. */
  readonly isUp: boolean;
  /** Seconds. */
  readonly maxTime?: number;
  readonly defaultTime?: number;
  readonly maxNodes?: number;
  readonly nodes: number;
  /** Of its largest node. */
  readonly cpus: number;
  /** Bytes of its largest node. */
  readonly memory: number;
  /** By type, of the node that has most of it. */
  readonly gpus: Readonly<Record<string, number>>;
  readonly features: readonly string[];
}

/** What somebody may charge jobs to. A cluster without accounting charges nothing: both lists are empty. */
export interface Allowance {
  readonly accounts: readonly string[];
  readonly defaultAccount?: string;
  readonly qos: readonly string[];
}

/** What a scheduler says about its cluster, and about who asks. */
export interface SchedulerFacts {
  /** E.g. `24.11.5`. */
  readonly version: string;
  readonly partitions: readonly Partition[];
  readonly allowance: Allowance;
  /** Of the nodes, where the scheduler tells it. */
  readonly architecture?: Architecture;
  /** The API's version, where it is asked by one: `v0.0.42`. */
  readonly api?: string;
  /** When the token ends that it is asked with, where that is not ours to renew. ISO 8601. */
  readonly tokenEndsAt?: string;
}

/** How a node is called by those who want to get there. */
export interface NodeNames {
  /** Name or address by which the controller reaches it. */
  readonly address: string;
  /** What it calls itself. */
  readonly hostName: string;
}

/** A task that accounting is asked about. */
export interface Wanted {
  /** The name of its job. */
  readonly name: string;
  /** The number of its job, where it is known. */
  readonly id?: string;
}

/** Jobs of the account that asks, or of all. */
export type Whose = 'own' | 'all';

/** A job to be. */
export interface Order {
  readonly name: string;
  readonly request: Request;
  readonly requeue: boolean;
  /** Where what the job's script prints goes. Absolute. */
  readonly output: string;
  /** Holds nothing of the user's, and no secret. */
  readonly script: string;
}

/** Which jobs of a name are told to end, and how: those that wait; the script of those that run, by TERM; all of them. */
export type Ending = 'waiting' | 'script' | 'all';

/**
 * Slurm, asked as one account, by its commands or by its REST API. Says the same either way: the same words for states and
 * reasons, the same codes for what goes wrong. Jobs are known by their names, whoever has them.
 */
export interface Scheduler {
  /** @throws UNREACHABLE, DENIED, UNSUPPORTED */
  facts(): Promise<SchedulerFacts>;
  /**
   * All jobs of these names that the controller knows, finished ones among them, in one question. Anybody may give a job of
   * theirs the name of one of ours: who doesn't know a job's number asks for this account's own alone.
   */
  jobs(names: readonly string[], whose: Whose): Promise<readonly Job[]>;
  /** What accounting knows of these; by a name, of this account's own. `none` where the cluster has no accounting. */
  booked(wanted: readonly Wanted[]): Promise<readonly Job[] | 'none'>;
  /**
   * Hands a job over. Two jobs of one name never run at once, so that one which was handed over twice can't run twice.
   * @returns its number
   * @throws UNREACHABLE, PROTOCOL: it may have been taken all the same. All other codes: it was not
   */
  submit(order: Order): Promise<string>;
  /**
   * Makes the task's folder and hands its job over, in one command of the host. Absent: one comes after the other.
   * @returns once the folder is made, what {@link Scheduler.submit} would have returned or thrown; nothing when it wasn't made, so that
   * nothing was handed over
   * @throws when nobody knows whether there is a folder, or whose
   */
  begin?(order: Order, beginning: Beginning): Promise<(() => string) | undefined>;
  /** What {@link Scheduler.submit} would send, for people. Pure. */
  preview(order: Order): string;
  /**
   * Ends jobs of this account by their name. A job that ends meanwhile is no failure.
   * @param id of these, the one alone
   */
  end(name: string, which: Ending, id?: string): Promise<void>;
  hold(id: string): Promise<void>;
  release(id: string): Promise<void>;
  /** Gives a job more seconds. */
  extend(id: string, seconds: number): Promise<void>;
  /** INVALID for what is no name of a node; PROTOCOL when the answer doesn't say where it is. */
  node(name: string): Promise<NodeNames>;
}
