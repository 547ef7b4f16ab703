import { eventually } from '@stele/sdk/testing';
import type { Site } from './site.ts';

/** Ends what sshd on the login node has open for a user, and not sshd. */
export async function cutLogIns(site: Site, user: string): Promise<void> {
  const pattern = `^sshd[^:]*: ${user}`;
  await site.on('login', 'sh', '-c', 'pkill -KILL -f "$0" || true', pattern);
  const nobodyIsIn = async () => (await site.on('login', 'sh', '-c', 'pgrep -f "$0" || true', pattern)) === '';
  await eventually('nobody is logged in', nobodyIsIn);
}
