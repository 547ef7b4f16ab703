import type { ListTasksCommandInput, RunTaskCommandInput, RunTaskCommandOutput, Task } from '@aws-sdk/client-ecs';
import type { Definition } from '../launch/definition.ts';

/** What is known of a cluster. */
export interface Cluster {
  readonly name: string;
  readonly running: number;
  readonly pending: number;
  /** Whether tasks may run on spare machines, which may be taken away. */
  readonly hasSpot: boolean;
}

/** What ECS says of tasks that it was asked for by their ids. */
export interface Described {
  /** By id. */
  readonly tasks: ReadonlyMap<string, Task>;
  /** Why there is none, by id: `MISSING` where ECS doesn’t know it, or doesn’t yet. */
  readonly failures: ReadonlyMap<string, string>;
}

/** Lines that a container printed, and where the next ones are. */
export interface LogPage {
  readonly lines: readonly string[];
  readonly forward: string;
  readonly backward: string;
}

/** What of a stream is wanted: what follows a token, or what is before it; without one, from either end. */
export interface LogQuery {
  readonly stream: string;
  readonly direction: 'forward' | 'backward';
  readonly token?: string;
  /** Default: as many as AWS likes. */
  readonly limit?: number;
}

type ListFilter = Pick<ListTasksCommandInput, 'startedBy' | 'desiredStatus'>;
export type RunAnswer = Pick<RunTaskCommandOutput, 'tasks' | 'failures'>;

/** What AWS is asked for. Everything is thrown as a coded error. */
export interface Cloud {
  /** NOT_FOUND (field `conf.cluster`) where it isn’t there, or is about to go. */
  cluster(signal: AbortSignal): Promise<Cluster>;
  /** Whether CloudWatch has the log group. */
  hasLogGroup(signal: AbortSignal): Promise<boolean>;
  /** ARN of the newest task definition of a family; nothing where there is none. */
  definition(family: string, signal: AbortSignal): Promise<string | undefined>;
  register(definition: Definition, signal: AbortSignal): Promise<string>;
  /** Port of the container of a task definition. */
  port(definition: string, signal: AbortSignal): Promise<number | undefined>;
  /**
   * Runs a task, or gives the one that the client token has run before.
   * @throws CONFLICT, with the ARN of that task as `raw`, where the request was another then
   */
  run(request: RunTaskCommandInput, signal: AbortSignal): Promise<RunAnswer>;
  /** Any number of tasks, in as few calls as can be. */
  describe(ids: readonly string[], signal: AbortSignal): Promise<Described>;
  /** Ids of all tasks of the cluster that a filter lets through. */
  list(filter: ListFilter, signal: AbortSignal): Promise<readonly string[]>;
  /** Asks a task to end. Fine when it isn’t known. */
  stop(id: string, reason: string, signal: AbortSignal): Promise<void>;
  /** Nothing where there is no such stream. */
  events(query: LogQuery, signal: AbortSignal): Promise<LogPage | undefined>;
  /** Fine when it isn’t there. */
  removeStream(stream: string, signal: AbortSignal): Promise<void>;
}
