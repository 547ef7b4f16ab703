import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, type Platform, type Postgres } from '../../e2e/lib/index.ts';

/** A way in which a database goes away and comes back. */
export interface Outage {
  readonly name: string;
  /** Whether clients are told at once, or find out by waiting. */
  readonly isTold: boolean;
  begin(): Promise<void>;
  end(): Promise<void>;
}

/** The embedded database stands still: what a machine out of memory or a dead disk looks like. */
export function standstill(platform: Platform): Outage {
  let stopped: number[] = [];
  return {
    name: 'stands still',
    isTold: false,
    begin: async () => {
      stopped = await processesOf(platform);
      for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    },
    end: async () => {
      for (const pid of stopped) process.kill(pid, 'SIGCONT');
    },
  };
}

/** The embedded database is killed; its supervisor brings it back. */
export async function killDatabase(platform: Platform): Promise<void> {
  const pid = await postmaster(platform);
  process.kill(pid, 'SIGKILL');
  await eventually('the database runs again', async () => ![pid, 0].includes(await postmaster(platform)), 20_000);
}

/** A site's own server is stopped by somebody. */
export function shutdown(postgres: Postgres): Outage {
  return { name: 'is shut down', isTold: true, begin: () => postgres.stop(), end: () => postgres.start() };
}

async function postmaster({ yard }: Platform): Promise<number> {
  // Not there while the database starts.
  const text = await readFile(join(yard.data, 'postgres/data/postmaster.pid'), 'utf8').catch(() => '0');
  return Number(text.split('\n')[0]);
}

/** The postmaster first, so that it starts no other while the rest is found. */
async function processesOf(platform: Platform): Promise<number[]> {
  const main = await postmaster(platform);
  process.kill(main, 'SIGSTOP');
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const parents = await Promise.all(pids.map(parentOf));
  return [main, ...pids.filter((_, at) => parents[at] === main)];
}

async function parentOf(pid: number): Promise<number> {
  // A process may end while we look.
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
}
