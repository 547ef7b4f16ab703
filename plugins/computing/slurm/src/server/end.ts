import { setTimeout as sleep } from 'node:timers/promises';
import { SteleError } from '@stele/sdk';
import { jobName } from './grammar.ts';
import { meaningOf } from './observe/states.ts';
import type { Scheduler } from './scheduler.ts';

/** Milliseconds between two looks. */
const step = 500;
const longestStep = 5_000;

/** A task whose job is to end. */
export interface EndingTask {
  readonly scheduler: Scheduler;
  readonly key: string;
  readonly signal: AbortSignal;
}

/**
 * Asks a task to end. By name, since a number may have been given to another job, and a task may have no number yet. The
 * agent gets its grace first: what Slurm ends has no more than the cluster's `KillWait`, and leaves its sandbox on the node.
 */
export async function endGently(
  { scheduler, key, signal }: EndingTask,
  hasEnded: () => Promise<boolean>,
  grace: number,
): Promise<void> {
  const name = jobName(key);
  await scheduler.end(name, 'waiting');
  if (!(await hasEnded()) && (await isJobAlive(scheduler, key))) {
    await scheduler.end(name, 'script');
    const deadline = performance.now() + grace * 1_000;
    while (performance.now() < deadline && !(await hasEnded())) await sleep(step, undefined, { signal });
    // Slurm sees the end of the script a moment later, and a cancelled job would hide how it ended.
    await sleep(step, undefined, { signal });
  }
  await scheduler.end(name, 'all');
}

/** Ends a task's job where that goes on, and waits for its end. */
export async function endTask({ scheduler, key, signal }: EndingTask): Promise<void> {
  if (!(await isJobAlive(scheduler, key))) return;
  await scheduler.end(jobName(key), 'all');
  for (let pause = step; await isJobAlive(scheduler, key); pause = Math.min(2 * pause, longestStep)) {
    if (signal.aborted) throw new SteleError('UNREACHABLE', 'The job takes too long to end.');
    await sleep(pause, undefined, { signal });
  }
}

/** Whether a job of this task waits or runs. */
export async function isJobAlive(scheduler: Scheduler, key: string): Promise<boolean> {
  const jobs = await scheduler.jobs([jobName(key)], 'own');
  return jobs.some((job) => job.key === key && meaningOf(job.state)?.phase !== 'ended');
}
