import type { CompletedPart } from '@aws-sdk/client-s3';
import type { FileEntry } from '@stele/sdk';
import { type BucketRequests, cleaning } from './bucket.ts';
import { eachOf } from './each-of.ts';
import { intoItself, isTaken, noSuchPath } from './errors.ts';
import { find } from './folder.ts';
import { type At, atEntry } from './keys.ts';
import type { CopyLimits } from './limits.ts';
import { objectsBelow, removeAt } from './remove.ts';
import { checkParent } from './write.ts';

const atOnce = 8;

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
  if (entry.kind === 'folder') await copyFolder(bucket, from, to, limits, signal);
  else await copyObject(bucket, from.key, to.key, entry.size, limits, signal);
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
  await removeAt(bucket, ends.from, entry.kind === 'folder', signal);
  return entry;
}

async function copyFolder(
  bucket: BucketRequests,
  from: At,
  to: At,
  limits: CopyLimits,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const objects of objectsBelow(bucket, from.folder, signal)) {
      await eachOf(objects, atOnce, ({ key, size }) =>
        copyObject(bucket, key, to.folder + key.slice(from.folder.length), size, limits, signal),
      );
    }
  } catch (error) {
    await removeAt(bucket, to, true, AbortSignal.timeout(cleaning));
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
  if (size <= limits.whole) return bucket.copy(from, to, signal);
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
