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

/** The same, and what time it is on the cluster, in seconds since 1970: one question. */
export async function statusNow(
  { host, signal }: Pick<Cluster, 'host' | 'signal'>,
  tasks: string,
  key: string,
): Promise<{ readonly status: Status | undefined; readonly now: number }> {
  const question = ['sh', '-c', 'date +%s; exec cat -- "$1" 2>/dev/null', 'stele', `${tasks}/${key}/status`];
  const { stdout } = await host.exec(question, {}, signal);
  const [time = '', ...lines] = stdout.split('\n');
  if (/^\d{1,11}$/.test(time)) return { status: parseStatus(lines), now: Number(time) };
  throw new SteleError('PROTOCOL', 'The login node’s clock can’t be read.', { raw: stdout.slice(0, 200) });
}
