import type { _Object as Stored, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { type FileEntry, type FilePage, hasCode, type ListOptions } from '@stele/sdk';
import { checkPaging, join, lastOf, pageOf, sortNames } from '@stele/sdk/trees';
import type { BucketRequests } from './bucket.ts';
import { badCursor, noSuchPath, notAFolder } from './errors.ts';
import { type At, isName } from './keys.ts';

/** What one request lists at most. A folder that fits is sorted; a larger one comes as the store has it. */
const atOnce = 1_000;
const defaultLimit = 200;
/** Marks a cursor that is the store's. A cursor of a sorted listing has no dot. */
const storeCursor = 't.';

/** Whether anything lies there, be it the mark of an empty folder. */
export async function isFolder(bucket: BucketRequests, { path, folder }: At, signal: AbortSignal): Promise<boolean> {
  if (path === '') return true;
  const { KeyCount, Contents } = await bucket.list({ Prefix: folder, MaxKeys: 1 }, signal);
  return (Contents?.length ?? KeyCount ?? 0) > 0;
}

/** What lies at a path; a folder where there is an object of that name as well. */
export async function find(bucket: BucketRequests, at: At, signal: AbortSignal): Promise<FileEntry | undefined> {
  if (at.path === '') return folderEntry('');
  const [object, isThere] = await Promise.all([bucket.head(at.key, signal), isFolder(bucket, at, signal)]);
  if (isThere) return folderEntry(at.path);
  return object && fileEntry(at.path, object.ContentLength, object.LastModified);
}

export async function list(
  bucket: BucketRequests,
  at: At,
  options: ListOptions,
  signal: AbortSignal,
): Promise<FilePage> {
  const { cursor, limit = defaultLimit, hidden } = options;
  const isStores = cursor?.startsWith(storeCursor) === true;
  checkPaging(isStores ? { limit } : options);
  if (isStores) return storePage(await onward(bucket, at, cursor, limit, signal), at, options);
  const first = await bucket.list({ Prefix: at.folder, Delimiter: '/', MaxKeys: atOnce }, signal);
  if (isEmpty(first) && at.path !== '') throw await whyEmpty(bucket, at, signal);
  if (first.IsTruncated !== true) return sortedPage(entriesOf(first, at), options);
  if (cursor !== undefined) return sortedPage(await theRest(bucket, at, first, signal), options);
  const page =
    limit === atOnce ? first : await bucket.list({ Prefix: at.folder, Delimiter: '/', MaxKeys: limit }, signal);
  return storePage(page, at, hidden === undefined ? {} : { hidden });
}

/** Names of the folders in a folder, by one request; `undefined` where that doesn’t tell them all. */
export async function foldersIn(
  bucket: BucketRequests,
  at: At,
  signal: AbortSignal,
): Promise<ReadonlySet<string> | undefined> {
  const page = await bucket.list({ Prefix: at.folder, Delimiter: '/', MaxKeys: atOnce }, signal);
  if (isEmpty(page) && at.path !== '') throw await whyEmpty(bucket, at, signal);
  return page.IsTruncated === true ? undefined : new Set(folderNames(page, at));
}

async function onward(
  bucket: BucketRequests,
  { folder }: At,
  cursor: string,
  MaxKeys: number,
  signal: AbortSignal,
): Promise<ListObjectsV2CommandOutput> {
  const ContinuationToken = Buffer.from(cursor.slice(storeCursor.length), 'base64url').toString('utf8');
  try {
    return await bucket.list({ Prefix: folder, Delimiter: '/', MaxKeys, ContinuationToken }, signal);
  } catch (error) {
    // A store answers a token that it did not give with a Bad Request, and by various names.
    if (hasCode(error, 'PROTOCOL')) throw badCursor();
    throw error;
  }
}

/** A folder that has outgrown one request between two of its pages: what was begun sorted goes on sorted. */
async function theRest(
  bucket: BucketRequests,
  at: At,
  first: ListObjectsV2CommandOutput,
  signal: AbortSignal,
): Promise<FileEntry[]> {
  const entries = entriesOf(first, at);
  for (let page = first; page.IsTruncated === true && page.NextContinuationToken !== undefined;) {
    const ContinuationToken = page.NextContinuationToken;
    page = await bucket.list({ Prefix: at.folder, Delimiter: '/', MaxKeys: atOnce, ContinuationToken }, signal);
    entries.push(...entriesOf(page, at));
  }
  return entries;
}

function isEmpty({ Contents = [], CommonPrefixes = [] }: ListObjectsV2CommandOutput): boolean {
  return Contents.length === 0 && CommonPrefixes.length === 0;
}

async function whyEmpty(bucket: BucketRequests, { path, key }: At, signal: AbortSignal): Promise<Error> {
  return (await bucket.head(key, signal)) === undefined ? noSuchPath(path) : notAFolder(path);
}

function sortedPage(entries: readonly FileEntry[], options: ListOptions): FilePage {
  const byName = new Map(entries.map((entry) => [entry.name, entry]));
  const rows = entries.map(({ name, kind }) => ({ name: Buffer.from(name), isFolder: kind === 'folder' }));
  const { names, next, total } = pageOf(sortNames(rows, options), options);
  const items = names.map((name) => byName.get(name.toString()) as FileEntry);
  return { items, total, ...(next === undefined ? {} : { next }) };
}

function storePage(output: ListObjectsV2CommandOutput, at: At, { hidden }: Pick<ListOptions, 'hidden'>): FilePage {
  const items = entriesOf(output, at).filter(({ name }) => hidden === true || !name.startsWith('.'));
  const { IsTruncated, NextContinuationToken: token } = output;
  if (IsTruncated !== true || token === undefined) return { items };
  return { items, next: storeCursor + Buffer.from(token).toString('base64url') };
}

/** What a request listed, without the mark of the folder itself. Pure. */
export function entriesOf(output: ListObjectsV2CommandOutput, { path, folder }: At): FileEntry[] {
  const decode = decoderOf(output);
  const folders = folderNames(output, { folder });
  const taken = new Set(folders);
  const files = (output.Contents ?? [])
    .map((stored): [string, Stored] => [decode(stored.Key ?? '').slice(folder.length), stored])
    .filter(([name]) => name !== '');
  return [
    ...folders.map((name) => (isName(name) ? folderEntry(join(path, name)) : strange(path, `${name}/`))),
    ...files.map(([name, { Size, LastModified }]) => {
      if (!isName(name)) return strange(path, name);
      if (taken.has(name)) return { ...strange(path, `${name}/`), name: `${name} (object)` };
      return fileEntry(join(path, name), Size, LastModified);
    }),
  ];
}

function folderNames(output: ListObjectsV2CommandOutput, { folder }: Pick<At, 'folder'>): string[] {
  const decode = decoderOf(output);
  return (output.CommonPrefixes ?? []).map(({ Prefix = '' }) => decode(Prefix).slice(folder.length, -1));
}

/** Keys and sizes of what a request listed. Pure. */
export function decodeKeys(output: ListObjectsV2CommandOutput): { key: string; size: number }[] {
  const decode = decoderOf(output);
  return (output.Contents ?? []).map(({ Key = '', Size = 0 }) => ({ key: decode(Key), size: Size }));
}

/** As stores encode keys: blanks may be `+`. */
function decoderOf({ EncodingType }: ListObjectsV2CommandOutput): (key: string) => string {
  return EncodingType === 'url' ? (key) => decodeURIComponent(key.replaceAll('+', '%20')) : (key) => key;
}

function folderEntry(path: string): FileEntry {
  return { name: lastOf(path), path, kind: 'folder', size: 0 };
}

export function fileEntry(path: string, size = 0, changed: Date | undefined): FileEntry {
  // Whole seconds: the header of an object has no more, the list of a folder may.
  const time = changed && new Date(Math.floor(changed.getTime() / 1_000) * 1_000).toISOString();
  return { name: lastOf(path), path, kind: 'file', size, ...(time === undefined ? {} : { modifiedAt: time }) };
}

/** An object that other clients have made, with a key that is no path here: seen, and nothing more. */
function strange(folder: string, rest: string): FileEntry {
  const name = rest === '/' ? '(no name)' : rest.replace(/\/$/, '').slice(0, 255);
  return { name, path: `${folder}${folder === '' ? '' : '/'}${rest}`, kind: 'other', size: 0 };
}
