import { Readable } from 'node:stream';
import type { ByteRange } from '@stele/sdk';
import { aborted, conflict, invalid, missing } from '../errors.ts';
import { flags, type Handle, type SftpSession } from '../sftp/session.ts';
import type { SftpUse } from '../sftp/sftp.ts';
import { fileError } from './errors.ts';
import { kindOf } from './entry.ts';
import { recheck, type Spot } from './resolve.ts';

/** Bytes that are asked for ahead: what a connection of 1 GB/s needs at 4 ms. */
const ahead = 4 * 1024 * 1024;

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

/** A stream of a file's bytes. It owns handle and session. */
export function readStream(
  use: SftpUse,
  handle: Handle,
  range: ByteRange | undefined,
  called: string,
  signal: AbortSignal,
): Readable {
  const stream = Readable.from(bytesOf(use.session, handle, range, called), {
    objectMode: false,
    highWaterMark: 256 * 1024,
  });
  const onAbort = () => stream.destroy(aborted(signal));
  signal.addEventListener('abort', onAbort, { once: true });
  stream.once('close', () => {
    signal.removeEventListener('abort', onAbort);
    void Promise.allSettled([use.session.closeHandle(handle)]).then(() => use.release());
  });
  if (signal.aborted) onAbort();
  return stream;
}

/** A file's bytes in order, asked for ahead: few at first, twice as many with each answer. */
export async function* bytesOf(
  session: SftpSession,
  handle: Handle,
  range: ByteRange | undefined,
  called: string,
): AsyncGenerator<Buffer, void, undefined> {
  const end = range?.end === undefined ? Infinity : range.end + 1;
  const most = Math.max(1, Math.ceil(ahead / session.readLength));
  const asked: Promise<Buffer>[] = [];
  let depth = 2;
  let offset = range?.start ?? 0;
  try {
    for (;;) {
      while (asked.length < depth && offset < end) {
        const length = Math.min(session.readLength, end - offset);
        asked.push(quiet(readFully(session, handle, offset, length)));
        offset += length;
      }
      const next = asked.shift();
      if (next === undefined) return;
      const bytes = await next;
      if (bytes.length === 0) return;
      yield bytes;
      depth = Math.min(most, depth * 2);
    }
  } catch (error) {
    throw fileError(error, called);
  }
}

/** A server may give less than it was asked for; nothing means the end. */
async function readFully(session: SftpSession, handle: Handle, offset: number, length: number): Promise<Buffer> {
  const first = await session.read(handle, offset, length);
  if (first.length === 0 || first.length === length) return first;
  const parts = [first];
  let size = first.length;
  while (size < length) {
    const more = await session.read(handle, offset + size, length - size);
    if (more.length === 0) break;
    parts.push(more);
    size += more.length;
  }
  return Buffer.concat(parts);
}

/** What was asked for ahead may fail when nobody waits for it any more. */
function quiet<T>(work: Promise<T>): Promise<T> {
  void Promise.allSettled([work]);
  return work;
}

export function checkRange(range: ByteRange | undefined): void {
  if (range === undefined) return;
  const { start, end } = range;
  const isRight =
    Number.isSafeInteger(start) && start >= 0 && (end === undefined || (Number.isSafeInteger(end) && end >= start));
  if (!isRight) throw invalid('range', `${start}–${end ?? ''} is not a range of bytes.`);
}

export const forReading = flags.read;
