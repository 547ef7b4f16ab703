import { hasCode } from '@stele/sdk';
import type { Cluster } from './cluster.ts';
import { endTask } from './end.ts';
import type { Folders } from './home.ts';
import { readStatus } from './status.ts';

/** A job that is just ending may still write into its folder. */
const tries = 4;

/** Removes what a task left, and ends its job where that goes on: its folder must not be pulled from under it. */
export async function clean(cluster: Cluster, { tasks }: Folders, key: string): Promise<void> {
  const { signal } = cluster;
  const status = await readStatus(cluster.host, tasks, key, signal);
  // Whose agent wrote down the end needs no question to the scheduler.
  if (status?.phase !== 'ended') await endTask({ scheduler: cluster.scheduler, key, signal });
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
