import type { TaskHandle } from '@stele/sdk';
import { SteleError } from '@stele/sdk';
import type { Cluster } from '../cluster.ts';
import { jobName } from '../grammar.ts';
import type { SeenRunning } from '../observe/observe.ts';
import { meaningOf } from '../observe/states.ts';
import type { NodeNames } from '../scheduler.ts';
import { Nodes } from './nodes.ts';

/** A task as one resource knows it. */
export interface Sought {
  readonly resource: string;
  readonly task: TaskHandle;
}

/**
 * Where tasks run, by the controller's word alone: what a task's own record says of addresses may have been written by
 * what runs in it, or by its neighbours.
 */
export class Whereabouts {
  readonly #seenRunning: SeenRunning;
  readonly #nodes = new Nodes();

  constructor(seenRunning: SeenRunning) {
    this.#seenRunning = seenRunning;
  }

  /**
   * The node of a task.
   * @param claimed what its record calls it: one that was seen on another node is asked about again
   * @throws CONFLICT when no job of the task runs
   */
  async find(
    { resource, task }: Sought,
    claimed: string | undefined,
    cluster: Pick<Cluster, 'scheduler'>,
  ): Promise<NodeNames> {
    const [seen] = this.#seenRunning.nodesOf(`${resource}/${task.key}`);
    if (seen !== undefined) {
      const names = await this.#nodes.find(resource, seen, cluster);
      if (isCalled(claimed, seen, names)) return names;
    }
    return this.#nodes.find(resource, await runningOn(cluster, task), cluster);
  }
}

/** Nodes call themselves by their short or by their full name. */
function isCalled(claimed: string | undefined, node: string, { hostName }: NodeNames): boolean {
  const short = claimed?.split('.')[0];
  return [node, hostName].some((name) => name === claimed || name.split('.')[0] === short);
}

/** Another account may call a job of its own like ours: the number tells them apart, and nothing else does. */
async function runningOn({ scheduler }: Pick<Cluster, 'scheduler'>, { key, ref }: TaskHandle): Promise<string> {
  if (ref === undefined) throw new SteleError('CONFLICT', 'The number of this task’s job is not known yet.');
  const jobs = await scheduler.jobs([jobName(key)], 'all');
  const ours = jobs.filter((job) => job.key === key && job.id === ref);
  const [node] = ours.find((job) => meaningOf(job.state)?.phase === 'running')?.nodes ?? [];
  if (node !== undefined) return node;
  throw new SteleError('CONFLICT', 'No job of this task runs.');
}
