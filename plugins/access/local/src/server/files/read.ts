import { constants } from 'node:fs';
import type { Readable } from 'node:stream';
import type { ByteRange } from '@stele/sdk';
import { conflict, invalid, leavesRoot } from '../errors.ts';
import { openEntry, reopen } from './handle.ts';
import type { Spot } from './walk.ts';

const chunkSize = 256 * 1024;

/** A stream of a file's bytes. It owns the file's handle. */
export async function readFile(
  spot: Spot,
  path: string,
  range: ByteRange | undefined,
  signal: AbortSignal,
): Promise<Readable> {
  checkRange(range);
  const file = await openFile(spot, path, constants.O_RDONLY);
  return file.createReadStream({ ...range, signal, highWaterMark: chunkSize });
}

/** Opens a regular file and nothing else: neither a pipe, which would wait, nor a link that was swapped in. */
export async function openFile(spot: Spot, path: string, flags: number): ReturnType<typeof reopen> {
  await using entry = await openEntry(spot.folder, spot.name);
  const stats = await entry.stat();
  if (stats.isSymbolicLink()) throw leavesRoot(path);
  if (!stats.isFile()) throw conflict(`“${path}” is not a file.`);
  return await reopen(entry, flags);
}

function checkRange(range: ByteRange | undefined): void {
  if (range === undefined) return;
  const { start, end } = range;
  const isRight =
    Number.isSafeInteger(start) && start >= 0 && (end === undefined || (Number.isSafeInteger(end) && end >= start));
  if (!isRight) throw invalid('range', `${start}–${end ?? ''} is not a range of bytes.`);
}
