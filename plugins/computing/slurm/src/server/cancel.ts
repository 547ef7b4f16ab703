import type { Cluster } from './cluster.ts';
import { endGently } from './end.ts';
import type { Folders } from './home.ts';
import { readStatus } from './status.ts';

/** Asks a task to end, whose agent writes that it is over into its folder. One without a record has nothing to end gently. */
export async function cancel(cluster: Cluster, { tasks }: Folders, key: string, grace: number): Promise<void> {
  const { host, scheduler, signal } = cluster;
  const hasEnded = async (): Promise<boolean> => {
    const status = await readStatus(host, tasks, key, signal);
    return status === undefined || status.phase === 'ended';
  };
  await endGently({ scheduler, key, signal }, hasEnded, grace);
}
