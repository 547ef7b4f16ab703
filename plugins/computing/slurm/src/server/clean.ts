import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, SteleError } from '@stele/sdk';
import type { Cluster } from './cluster.ts';
import { jobName } from './grammar.ts';
import type { Folders } from './home.ts';
import { meaningOf } from './observe/states.ts';
import { readStatus } from './status.ts';

/** Milliseconds between two looks at a job that is ending, at first and at most. */
const [step, longestStep] = [500, 5_000];
/** A job that is just ending may still write into its folder. */
const tries = 4;

/** Removes what a task left, and ends its job where that goes on: its folder must not be pulled from under it. */
export async function clean(cluster: Cluster, { tasks }: Folders, key: string): Promise<void> {
  const { signal } = cluster;
  const status = await readStatus(cluster.host, tasks, key, signal);
  // Whose agent wrote down the end needs no question to the scheduler.
  if (status?.phase !== 'ended') await endJob(cluster, key);
  for (let left = tries; left > 0; left -= 1) {
    try {
      await cluster.host.files(tasks).remove(key, signal);
      return;
    } catch (error) {
      if (hasCode(error, 'NOT_FOUND')) return;
      if (left === 1 || !hasCode(error, 'CONFLICT')) throw error;
    }
  }
}

async function endJob(cluster: Cluster, key: string): Promise<void> {
  const { scheduler, signal } = cluster;
  if (!(await isAlive(cluster, key))) return;
  await scheduler.end(jobName(key), 'all');
  for (let pause = step; await isAlive(cluster, key); pause = Math.min(2 * pause, longestStep)) {
    if (signal.aborted) throw new SteleError('UNREACHABLE', 'The job takes too long to end.');
    await sleep(pause, undefined, { signal });
  }
}

/** Whether a job of this task waits or runs. */
export async function isAlive({ scheduler }: Cluster, key: string): Promise<boolean> {
  const jobs = await scheduler.jobs([jobName(key)], 'own');
  return jobs.some((job) => job.key === key && meaningOf(job.state)?.phase !== 'ended');
}
