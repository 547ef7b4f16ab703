import type { Job } from '../../job.ts';
import type { Ending, NodeNames, Order } from '../../scheduler.ts';
import type { NodeKind, PartitionSaid } from '../../description/partition.ts';

/** The body of a good answer. */
export type Body = Readonly<Record<string, unknown>>;

/** Nodes of one make, and the partitions that they are in. */
export interface NodeSaid extends NodeKind {
  readonly partitions: readonly string[];
  /** As `uname -m` has it. */
  readonly machine: string;
}

/** What one account may charge to. */
export interface AssociationSaid {
  readonly account: string;
  readonly qos: readonly string[];
  readonly isDefault: boolean;
}

/**
 * The shapes of some versions of the API. Pure. Each reader throws PROTOCOL for an answer of another shape: half an answer says
 * nothing of what is missing from it.
 */
export interface Dialect {
  /** Jobs whose names are ours, as the controller has them; neither of arrays nor parts of heterogeneous ones. */
  jobs(body: Body): readonly Job[];
  /** Jobs whose names are ours, as accounting has them. */
  booked(body: Body): readonly Job[];
  partitions(body: Body): readonly PartitionSaid[];
  nodes(body: Body): readonly NodeSaid[];
  node(body: Body): NodeNames;
  associations(body: Body): readonly AssociationSaid[];
  /** Of Slurm, e.g. `24.11.5`. */
  version(body: Body): string;
  /** What submits a job. @param environment by name */
  submission(order: Order, environment: Readonly<Record<string, string>>): object;
  /** The number that a submitted job was given. Nothing when it was given none. */
  submitted(body: Body): string | undefined;
  /** Query of the request that ends a job: how. */
  ending(which: Ending): Readonly<Record<string, string>>;
  /** Minutes that a job has; `Infinity`: no limit. */
  timeLimit(body: Body): number | undefined;
  /** What gives a job as many minutes. */
  newLimit(minutes: number): object;
  /** Since when accounting is asked: the beginning of a day, seconds since 1970. */
  since(seconds: number): string;
}
