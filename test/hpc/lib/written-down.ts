import { eventually } from '@stele/sdk/testing';
import type { Site } from './site.ts';

const state = '/var/spool/slurmctld/job_state';

/**
 * Waits until the controller has written down that a user's jobs run: one that dies before starts them once more. A change
 * makes it write.
 */
export async function writtenDown(site: Site, user: string): Promise<void> {
  const changed = Date.now() / 1000;
  const jobs = await site.on('login', 'squeue', '--noheader', '--user', user, '--states=RUNNING', '--format=%i');
  for (const job of jobs.split('\n')) await site.on('login', 'scontrol', 'update', `JobId=${job}`, 'Comment=seen');
  const isWritten = async () => Number(await site.on('login', 'stat', '-c', '%.Y', state)) > changed;
  await eventually('the controller has written down what runs', isWritten, 15_000);
}
