import type { ByteRange } from '@stele/sdk';
import { conflict, invalid, missing } from '../errors.ts';
import { flags, type Handle, type SftpSession } from '../sftp/session.ts';
import { kindOf } from './entry.ts';
import { recheck, type Spot } from './resolve.ts';

/** Opens a regular file and nothing else: a pipe would make the server wait. */
export async function openFile(
  session: SftpSession,
  root: string,
  spot: Spot,
  called: string,
  how: number,
): Promise<Handle> {
  if (spot.attributes === undefined) throw missing(called);
  if (kindOf(spot.attributes) !== 'file') throw conflict(`“${called}” is not a file.`);
  const opening = session.open(spot.path, how);
  const checking = recheck(session, root, spot, called);
  const [opened, checked] = await Promise.allSettled([opening, checking]);
  if (checked.status === 'rejected') {
    if (opened.status === 'fulfilled') await session.closeHandle(opened.value);
    throw checked.reason;
  }
  if (opened.status === 'rejected') throw opened.reason;
  return opened.value;
}

export function checkRange(range: ByteRange | undefined): void {
  if (range === undefined) return;
  const { start, end } = range;
  const isRight =
    Number.isSafeInteger(start) && start >= 0 && (end === undefined || (Number.isSafeInteger(end) && end >= start));
  if (!isRight) throw invalid('range', `${start}–${end ?? ''} is not a range of bytes.`);
}

export const forReading = flags.read;
