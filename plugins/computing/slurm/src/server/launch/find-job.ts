import type { Cluster } from '../cluster.ts';
import { jobName } from '../grammar.ts';
import type { Job } from '../job.ts';
import type { Scheduler } from '../scheduler.ts';

/** The number of a task's job: from the controller, else from accounting, else from the task's own folder. */
export async function findJob(cluster: Cluster, folder: string | undefined, key: string): Promise<string | undefined> {
  const found = await findByName(cluster.scheduler, jobName(key));
  if (found !== undefined || folder === undefined) return found;
  const written = (await cluster.ask(['cat', '--', `${folder}/job`])).trim();
  return /^[1-9]\d{0,9}$/.test(written) ? written : undefined;
}

/** The number of this account's first job of a name: from the controller, else from accounting. */
export async function findByName(scheduler: Scheduler, name: string): Promise<string | undefined> {
  const queued = first(await scheduler.jobs([name], 'own'));
  if (queued !== undefined) return queued;
  const answer = await scheduler.booked([{ name }]);
  return answer === 'none' ? undefined : first(answer);
}

function first(jobs: readonly Job[]): string | undefined {
  return [...jobs].sort((one, other) => Number(one.id) - Number(other.id))[0]?.id;
}
