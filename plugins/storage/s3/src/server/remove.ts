import type { BucketRequests } from './bucket.ts';
import { eachOf } from './each-of.ts';
import { noSuchPath, partlyRemoved } from './errors.ts';
import { decodeKeys, isFolder } from './folder.ts';
import type { At } from './keys.ts';

const perRequest = 1_000;
const atOnce = 8;

/** An object below a folder, however deep. */
export interface Found {
  readonly key: string;
  readonly size: number;
}

/** All objects below a folder, its own mark among them, as many at a time as one request tells. */
export async function* objectsBelow(
  bucket: BucketRequests,
  Prefix: string,
  signal: AbortSignal,
): AsyncGenerator<readonly Found[], void, undefined> {
  let token: string | undefined;
  do {
    const more = token === undefined ? {} : { ContinuationToken: token };
    const page = await bucket.list({ Prefix, MaxKeys: perRequest, ...more }, signal);
    yield decodeKeys(page);
    token = page.IsTruncated === true ? page.NextContinuationToken : undefined;
  } while (token !== undefined);
}

export async function remove(bucket: BucketRequests, at: At, signal: AbortSignal): Promise<void> {
  const [isThere, object] = await Promise.all([isFolder(bucket, at, signal), bucket.head(at.key, signal)]);
  if (!isThere && object === undefined) throw noSuchPath(at.path);
  await removeAt(bucket, at, isThere, signal);
}

/** Removes a folder by the thousand, or one object. */
export async function removeAt(bucket: BucketRequests, at: At, isTree: boolean, signal: AbortSignal): Promise<void> {
  if (!isTree) return bucket.delete(at.key, signal);
  for await (const objects of objectsBelow(bucket, at.folder, signal)) {
    const keys = objects.map(({ key }) => key);
    await removeAll(bucket, keys, signal);
  }
}

/** Removes objects, however many; those that are gone already are no failure. */
export async function removeAll(bucket: BucketRequests, keys: readonly string[], signal: AbortSignal): Promise<void> {
  // The list goes as XML, which has no way to write control characters.
  const isOdd = (key: string): boolean => /[\p{Cc}\uFFFE\uFFFF]/u.test(key);
  await eachOf(keys.filter(isOdd), atOnce, (key) => bucket.delete(key, signal));
  const plain = keys.filter((key) => !isOdd(key));
  for (let start = 0; start < plain.length; start += perRequest) {
    const { count, reason } = await bucket.deleteAll(plain.slice(start, start + perRequest), signal);
    if (count > 0) throw partlyRemoved(count, reason);
  }
}
