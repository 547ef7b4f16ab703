import { setTimeout as sleep } from 'node:timers/promises';
import type { Host } from '@stele/sdk';
import type { Cluster } from './cluster.ts';
import { jobName } from './grammar.ts';
import type { Folders } from './home.ts';
import { readStatus } from './status.ts';

const step = 500;

/**
 * Asks a task to end. By name, since a number may have been given to another job, and a task may have no number yet. The
 * agent gets its grace first: what Slurm ends has no more than the cluster's `KillWait`, and leaves its sandbox on the node.
 */
export async function cancel(
  { host, scheduler, signal }: Cluster,
  { tasks }: Folders,
  key: string,
  grace: number,
): Promise<void> {
  const name = jobName(key);
  await scheduler.end(name, 'waiting');
  const status = await readStatus(host, tasks, key, signal);
  if (status !== undefined && status.phase !== 'ended') {
    await scheduler.end(name, 'script');
    await ended(host, tasks, key, grace, signal);
  }
  await scheduler.end(name, 'all');
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
