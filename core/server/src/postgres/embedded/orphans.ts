import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '@stele/sdk';
import { areGone, postmasterOf, processesOn, signal } from './processes.ts';

/**
 * Clears what a platform left that was killed: a PostgreSQL that still runs is ended, gently and then firmly, and a
 * `postmaster.pid` whose number now belongs to another process is removed, since PostgreSQL would take that for itself.
 * The caller holds the data folder's lock, so no living platform uses it.
 */
export async function clearOrphans(data: string, log: Logger): Promise<void> {
  const postmaster = await postmasterOf(data);
  const running = await processesOn(data);
  if (running.length > 0) await endAll(data, running, postmaster, log);
  if (postmaster !== undefined) await rm(join(data, 'postmaster.pid'), { force: true });
}

async function endAll(data: string, running: number[], postmaster: number | undefined, log: Logger): Promise<void> {
  log.info('Ending a database that an earlier Stele left running', { data, pid: postmaster });
  const head = postmaster !== undefined && running.includes(postmaster) ? [postmaster] : running;
  signal(head, 'SIGINT');
  if (await areGone(data, 10_000)) return;
  signal(head, 'SIGQUIT');
  if (await areGone(data, 5_000)) return;
  signal(await processesOn(data), 'SIGKILL');
  await areGone(data, 5_000);
}
