import { addAbortSignal, Readable } from 'node:stream';
import type { ByteRange } from '@stele/sdk';
import type { BucketRequests } from './bucket.ts';
import { badRange, noSuchPath, notAFile } from './errors.ts';
import { isFolder } from './folder.ts';
import type { At } from './keys.ts';

/** An object's bytes as they come: nobody reads ahead of who takes them. */
export async function read(
  bucket: BucketRequests,
  at: At,
  range: ByteRange | undefined,
  signal: AbortSignal,
): Promise<Readable> {
  const Range = headerOf(range);
  const content = await bucket.get(at.key, Range === undefined ? {} : { Range }, signal);
  if (content === 'nothing') return Readable.from([]);
  if (content !== undefined) return addAbortSignal(signal, content);
  throw (await isFolder(bucket, at, signal)) ? notAFile(at.path) : noSuchPath(at.path);
}

/** @throws INVALID (field `range`) */
export function headerOf(range: ByteRange | undefined): string | undefined {
  if (range === undefined) return undefined;
  const { start, end } = range;
  const isRight = Number.isInteger(start) && start >= 0;
  if (!isRight || (end !== undefined && (!Number.isInteger(end) || end < start))) throw badRange();
  return `bytes=${start}-${end ?? ''}`;
}
