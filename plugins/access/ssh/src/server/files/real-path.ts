import { checkedPath } from '../conf.ts';
import { check } from '../errors.ts';
import { isStatus, type SftpSession, status } from '../sftp/session.ts';
import type { Sftp } from '../sftp/sftp.ts';
import { fileError } from './errors.ts';

/** Where a path leads when all links on it are followed; `undefined` where nothing is. */
export async function realPath(sftp: Sftp, path: string, signal: AbortSignal): Promise<string | undefined> {
  check(signal);
  const way = wayOf(path);
  try {
    return await sftp.use((session) => find(session, way));
  } catch (error) {
    throw fileError(error, path);
  }
}

/** Servers begin in the account's home. */
function wayOf(path: string): Buffer {
  if (path === '~') return Buffer.from('.');
  return Buffer.from(path.startsWith('~/') ? checkedPath(path.slice(1), 'path').slice(1) : checkedPath(path, 'path'));
}

/** Both at once. Some servers tell where a path would lead whose end is missing. */
async function find(session: SftpSession, way: Buffer): Promise<string | undefined> {
  const [real, present] = await Promise.allSettled([session.realPath(way), session.stat(way)]);
  for (const outcome of [present, real]) {
    if (outcome.status === 'fulfilled') continue;
    if (isStatus(outcome.reason, status.missing)) return undefined;
    throw outcome.reason;
  }
  return real.status === 'fulfilled' ? real.value.toString() : undefined;
}
