import { conflict, check } from '../errors.ts';
import { isStatus, type SftpSession, status } from '../sftp/session.ts';
import type { Sftp } from '../sftp/sftp.ts';
import type { Attributes } from '../sftp/wire.ts';
import { fileError } from './errors.ts';
import { kindOf } from './entry.ts';

/** Makes a folder and its missing parents. Links on the way are followed: the path is the operator's. */
export async function ensureFolder(sftp: Sftp, path: string, mode: number, signal: AbortSignal): Promise<void> {
  check(signal);
  const parts = path.split('/').filter((part) => part !== '');
  const ways = parts.map((_, index) => Buffer.from(`/${parts.slice(0, index + 1).join('/')}`));
  try {
    await sftp.use(async (session) => {
      const found = await Promise.all(ways.map((way) => statOf(session, way)));
      for (const [index, way] of ways.entries()) {
        check(signal);
        const attributes = found[index];
        if (attributes === undefined) await make(session, way, mode);
        else if (kindOf(attributes) !== 'folder') throw conflict(`“${String(way)}” is not a folder.`);
      }
    });
  } catch (error) {
    throw fileError(error, path);
  }
}

async function make(session: SftpSession, way: Buffer, mode: number): Promise<void> {
  try {
    await session.makeFolder(way, mode);
  } catch (error) {
    const present = await statOf(session, way);
    if (present === undefined) throw error;
    if (kindOf(present) !== 'folder') throw conflict(`“${String(way)}” is not a folder.`);
  }
}

async function statOf(session: SftpSession, path: Buffer): Promise<Attributes | undefined> {
  try {
    return await session.stat(path);
  } catch (error) {
    if (isStatus(error, status.missing) || isStatus(error, status.failure)) return undefined;
    throw error;
  }
}
