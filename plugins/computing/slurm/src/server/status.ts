import type { Host } from '@stele/sdk';
import { SteleError } from '@stele/sdk';
import type { Cluster } from './cluster.ts';
import { parseStatus, type Status } from './observe/record.ts';

/** A task's record as its agent keeps it. Nothing when there is none. */
export async function readStatus(
  host: Host,
  tasks: string,
  key: string,
  signal: AbortSignal,
): Promise<Status | undefined> {
  const { exitCode, stdout } = await host.exec(['cat', '--', `${tasks}/${key}/status`], {}, signal);
  return exitCode === 0 ? parseStatus(stdout.split('\n')) : undefined;
}

/** What time it is on the cluster: seconds since 1970. */
export async function clockOf({ host, signal }: Cluster): Promise<number> {
  const text = (await host.exec(['date', '+%s'], {}, signal)).stdout.trim();
  if (/^\d{1,11}$/.test(text)) return Number(text);
  throw new SteleError('PROTOCOL', 'The login node’s clock can’t be read.', { raw: text.slice(0, 200) });
}
