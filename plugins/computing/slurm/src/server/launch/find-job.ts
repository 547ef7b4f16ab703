import type { Cluster } from '../cluster.ts';
import { jobName } from '../grammar.ts';
import type { Job } from '../job.ts';
import type { Scheduler } from '../scheduler.ts';

/** The number of a task's job: from the controller, else from accounting, else from the task's own folder. */
export async function findJob(cluster: Cluster, folder: string, key: string): Promise<string | undefined> {
  const found = await findByKey(cluster.scheduler, key);
  if (found !== undefined) return found;
  const written = (await cluster.ask(['cat', '--', `${folder}/job`])).trim();
  return /^[1-9]\d{0,9}$/.test(written) ? written : undefined;
}

/** The number of this account's first job of a task: from the controller, else from accounting. */
export async function findByKey(scheduler: Scheduler, key: string): Promise<string | undefined> {
  const name = jobName(key);
  const queued = first(await scheduler.jobs([name], 'own'));
  if (queued !== undefined) return queued;
  const answer = await scheduler.booked([{ name }]);
  return answer === 'none' ? undefined : first(answer);
}

/** Somebody else submitted at the same time: the first job is the task's, and ours is taken back. */
export async function firstOf(scheduler: Scheduler, key: string, ours: string): Promise<string> {
  const found = await findByKey(scheduler, key);
  if (found === undefined || found === ours) return ours;
  await scheduler.end(jobName(key), 'all', ours);
  return found;
}

function first(jobs: readonly Job[]): string | undefined {
  return [...jobs].sort((one, other) => Number(one.id) - Number(other.id))[0]?.id;
}
