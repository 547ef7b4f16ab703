import type { CompletedPart } from '@aws-sdk/client-s3';
import type { FileEntry } from '@stele/sdk';
import { type BucketRequests, cleaning } from './bucket.ts';
import { eachOf } from './each-of.ts';
import { givenUp, intoItself, isTaken, noSuchPath } from './errors.ts';
import { find } from './folder.ts';
import { type At, atEntry } from './keys.ts';
import type { CopyLimits } from './limits.ts';
import { type Found, objectsBelow, removeAll } from './remove.ts';
import { checkParent } from './write.ts';

const atOnce = 8;
/** Milliseconds that the store may take to copy an object. */
const copying = 10 * 60_000;

/** The two ends of a copy. */
export interface Ends {
  readonly root: string;
  readonly from: At;
  readonly to: At;
}

export function endsOf(root: string, from: string, to: string): Ends {
  return { root, from: atEntry(root, from, 'from'), to: atEntry(root, to, 'to') };
}

/** Copies within the store; no byte comes here. What was copied before a failure is taken back. */
export async function copy(
  bucket: BucketRequests,
  { root, from, to }: Ends,
  limits: CopyLimits,
  signal: AbortSignal,
): Promise<FileEntry> {
  const entry = await find(bucket, from, signal);
  if (entry === undefined) throw noSuchPath(from.path);
  if ((await find(bucket, to, signal)) !== undefined) throw isTaken(to.path, 'to');
  if (to.path.startsWith(`${from.path}/`)) throw intoItself(from.path);
  await checkParent(bucket, root, to.path, signal);
  await copyAll(bucket, { from, to, entry }, limits, signal);
  return (await find(bucket, to, signal)) ?? { ...entry, path: to.path };
}

/** A copy, and then a removal: stores know no other way. */
export async function move(
  bucket: BucketRequests,
  ends: Ends,
  limits: CopyLimits,
  signal: AbortSignal,
): Promise<FileEntry> {
  const entry = await copy(bucket, ends, limits, signal);
  if (entry.kind === 'folder') await removeCopied(bucket, ends, signal);
  else await bucket.delete(ends.from.key, signal);
  return entry;
}

/** Only what arrived goes: somebody may have put something else there meanwhile. */
async function removeCopied(bucket: BucketRequests, { from, to }: Ends, signal: AbortSignal): Promise<void> {
  for await (const objects of objectsBelow(bucket, to.folder, signal)) {
    const keys = objects.map(({ key }) => from.folder + key.slice(to.folder.length));
    await removeAll(bucket, keys, signal);
  }
}

interface Pair extends Pick<Ends, 'from' | 'to'> {
  readonly entry: FileEntry;
}

async function copyAll(
  bucket: BucketRequests,
  { from, to, entry }: Pair,
  limits: CopyLimits,
  signal: AbortSignal,
): Promise<void> {
  const made: string[] = [];
  const one = async ({ key, size }: Found): Promise<void> => {
    if (signal.aborted) throw givenUp();
    const target = to.key + key.slice(from.key.length);
    await copyObject(bucket, key, target, size, limits, signal);
    made.push(target);
  };
  try {
    if (entry.kind !== 'folder') await one({ key: from.key, size: entry.size });
    else for await (const objects of objectsBelow(bucket, from.folder, signal)) await eachOf(objects, atOnce, one);
    if (signal.aborted) throw givenUp();
  } catch (error) {
    await removeAll(bucket, made, AbortSignal.timeout(cleaning));
    throw error;
  }
}

async function copyObject(
  bucket: BucketRequests,
  from: string,
  to: string,
  size: number,
  limits: CopyLimits,
  signal: AbortSignal,
): Promise<void> {
  // Not cut short: the store would go on, and make the object after it was taken back.
  if (size <= limits.whole) return bucket.copy(from, to, AbortSignal.timeout(copying));
  const UploadId = await bucket.begin(to, (await bucket.head(from, signal)) ?? {});
  try {
    const parts: CompletedPart[] = [];
    await eachOf(rangesOf(size, limits.part), atOnce, async ({ number, range }) => {
      parts[number - 1] = await bucket.copyPart(from, { Key: to, UploadId, PartNumber: number }, range, signal);
    });
    await bucket.complete(to, UploadId, parts, signal);
  } catch (error) {
    await bucket.end(to, UploadId);
    throw error;
  }
}

/** The ranges that a large object is copied in. Pure. */
export function rangesOf(size: number, part: number): { readonly number: number; readonly range: string }[] {
  return Array.from({ length: Math.ceil(size / part) }, (_, index) => ({
    number: index + 1,
    range: `bytes=${index * part}-${Math.min(size, (index + 1) * part) - 1}`,
  }));
}
