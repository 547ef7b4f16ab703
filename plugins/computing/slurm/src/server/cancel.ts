import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '@stele/sdk';
import type { Cluster } from './cluster.ts';
import { failure } from './failures.ts';
import { jobName } from './grammar.ts';
import type { Folders } from './home.ts';
import { readStatus } from './status.ts';

const step = 500;

/**
 * Asks a task to end. By name, since a number may have been given to another job, and a task may have no number yet. The
 * agent gets its grace first: what Slurm ends has no more than the cluster's `KillWait`, and leaves its sandbox on the node.
 */
export async function cancel(
  cluster: Cluster,
  { tasks }: Folders,
  key: string,
  grace: number,
  signal: AbortSignal,
): Promise<void> {
  const ours = jobsOf(cluster, key);
  await end(cluster, [...ours, '--state=PENDING']);
  const status = await readStatus(cluster.host, tasks, key, signal);
  if (status !== undefined && status.phase !== 'ended') {
    await end(cluster, [...ours, '--state=RUNNING', '--batch', '--signal=TERM']);
    await ended(cluster.host, tasks, key, grace, signal);
  }
  await end(cluster, ours);
}

/** Ends all jobs of a task, as the cluster does it. */
export function endAll(cluster: Cluster, key: string): Promise<void> {
  return end(cluster, jobsOf(cluster, key));
}

function jobsOf({ host }: Cluster, key: string): readonly string[] {
  return ['scancel', '--quiet', `--user=${host.user}`, `--name=${jobName(key)}`];
}

/** A job that ends meanwhile is no failure: it is what was asked for. */
async function end(cluster: Cluster, argv: readonly string[]): Promise<void> {
  const result = await cluster.try(argv);
  if (result.exitCode === 0) return;
  const error = failure('scancel', result);
  if (error.code !== 'NOT_FOUND' && error.code !== 'CONFLICT') throw error;
}

/** Waits until the agent says that it is over, but for the grace time. */
async function ended(host: Host, tasks: string, key: string, grace: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + grace * 1_000;
  while (performance.now() < deadline) {
    const status = await readStatus(host, tasks, key, signal);
    // Slurm sees the end of the script a moment later, and a cancelled job would hide how it ended.
    await sleep(step, undefined, { signal });
    if (status === undefined || status.phase === 'ended') return;
  }
}
