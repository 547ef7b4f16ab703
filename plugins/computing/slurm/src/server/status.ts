import type { Host } from '@stele/sdk';
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
