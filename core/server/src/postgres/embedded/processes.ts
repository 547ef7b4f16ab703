import { readFile, readdir, readlink, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * PostgreSQL processes that work in `data`. Each of them has it as its working directory, which tells ours apart from
 * any other process that happens to have the number in a stale `postmaster.pid`.
 */
export async function processesOn(data: string): Promise<number[]> {
  const folder = await realpath(data).catch(() => undefined);
  if (folder === undefined) return [];
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map(async (pid) => ((await worksIn(pid, folder)) ? [Number(pid)] : [])));
  return found.flat();
}

async function worksIn(pid: string, folder: string): Promise<boolean> {
  try {
    if ((await readlink(join('/proc', pid, 'cwd'))) !== folder) return false;
    return (await readFile(join('/proc', pid, 'comm'), 'utf8')).trim() === 'postgres';
  } catch {
    // Gone meanwhile, or another user's: in neither case a process of ours.
    return false;
  }
}

/** Number in the first line of `postmaster.pid`, if the file is there. */
export async function postmasterOf(data: string): Promise<number | undefined> {
  const text = await readFile(join(data, 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}

/** Waits until nothing works in `data` any more. */
export async function areGone(data: string, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while ((await processesOn(data)).length > 0) {
    if (Date.now() > end) return false;
    await sleep(20);
  }
  return true;
}

/** Sends a signal to processes that may be gone already. */
export function signal(pids: readonly number[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}
