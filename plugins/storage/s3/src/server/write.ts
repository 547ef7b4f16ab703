import { Readable } from 'node:stream';
import { AbortMultipartUploadCommand, CreateMultipartUploadCommand, type S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { FileEntry, WriteOptions } from '@stele/sdk';
import { chunksUntil, lastOf } from '@stele/sdk/trees';
import { type BucketRequests, cleaning } from './bucket.ts';
import { badOffset, isTaken, noSuchPath, notAFile, notAFolder, tooLarge, wholeFilesOnly } from './errors.ts';
import { failureOf } from './failures.ts';
import { fileEntry, find, isFolder } from './folder.ts';
import { type At, atPath, parentOf } from './keys.ts';
import type { Looks } from './looks.ts';
import { beginningOf, joined } from './pieces.ts';

const mebibyte = 1024 ** 2;
/** Parts of one upload that the protocol allows. */
const mostParts = 10_000;
const smallestPart = 8 * mebibyte;
/** Of an upload whose length nobody said: 156 GiB in all. */
const unknownPart = 16 * mebibyte;
/** Parts on their way at a time; as many, and one, are in memory. */
const atOnce = 3;

/** Bytes of a part, so that the file fits into as many as there may be. */
export function partSizeFor(size: number | undefined): number {
  if (size === undefined) return unknownPart;
  return Math.max(smallestPart, Math.ceil(size / (mostParts - 1) / mebibyte) * mebibyte);
}

/** Writes an object, whole or not at all: the store shows none until its last part is there. */
export async function write(
  bucket: BucketRequests,
  root: string,
  at: At,
  content: AsyncIterable<Uint8Array>,
  options: WriteOptions,
  looks: Looks,
  signal: AbortSignal,
): Promise<FileEntry> {
  await checkPlace(bucket, root, at, options, looks, signal);
  const size = await sent(bucket, at, chunksUntil(content, signal), options, signal);
  if (size !== undefined && options.unseen === true) return fileEntry(at.path, size, undefined);
  // No folder is there, that was asked before: the object alone says the rest.
  const object = await bucket.head(at.key, signal);
  return fileEntry(at.path, object?.ContentLength, object?.LastModified);
}

async function sent(
  bucket: BucketRequests,
  { key }: At,
  content: AsyncGenerator<Uint8Array, void, undefined>,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<number | undefined> {
  try {
    return await send(bucket, key, content, options, signal);
  } catch (error) {
    throw isTooMany(error) ? tooLarge() : failureOf(error, bucket.place);
  }
}

/**
 * A small file by one request, a large one in parts.
 * @returns how long a small one is
 */
async function send(
  bucket: BucketRequests,
  Key: string,
  content: AsyncGenerator<Uint8Array, void, undefined>,
  { overwrite, size }: WriteOptions,
  signal: AbortSignal,
): Promise<number | undefined> {
  const when = overwrite === true ? {} : { IfNoneMatch: '*' };
  const { chunks, isAll } = await beginningOf(content, smallestPart);
  if (isAll) {
    const all = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    await bucket.put(Key, all, when, signal);
    return all.length;
  }
  const upload = new Upload({
    client: abortable(bucket.client, signal),
    params: { Bucket: bucket.place.bucket, Key, Body: Readable.from(joined(chunks, content)), ...when },
    partSize: partSizeFor(size),
    queueSize: atOnce,
  });
  await upload.done();
  return undefined;
}

/** Makes the object that marks an empty folder. */
export async function makeFolder(
  bucket: BucketRequests,
  root: string,
  at: At,
  signal: AbortSignal,
): Promise<FileEntry> {
  await checkParent(bucket, root, at.path, signal);
  if ((await find(bucket, at, signal)) !== undefined) throw isTaken(at.path, 'path');
  await bucket.mark(at.folder, signal);
  return { name: lastOf(at.path), path: at.path, kind: 'folder', size: 0 };
}

/** The store would take a key below anything; here it lies in a folder. */
export async function checkParent(
  bucket: BucketRequests,
  root: string,
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const parent = atPath(root, parentOf(path));
  const entry = await find(bucket, parent, signal);
  if (entry === undefined) throw noSuchPath(parent.path);
  if (entry.kind !== 'folder') throw notAFolder(parent.path);
}

async function checkPlace(
  bucket: BucketRequests,
  root: string,
  at: At,
  { offset, overwrite }: WriteOptions,
  looks: Looks,
  signal: AbortSignal,
): Promise<void> {
  if (offset !== undefined && (!Number.isInteger(offset) || offset < 0)) throw badOffset();
  if (offset !== undefined) throw wholeFilesOnly();
  // At once: a listing takes some stores longer than a small file.
  const [isTakenByFolder, object] = await Promise.all([
    isFolderThere(bucket, root, at, looks, signal),
    // Asked for stores that pass over the header; those that read it decide among several writers.
    overwrite === true ? undefined : bucket.head(at.key, signal),
  ]);
  if (isTakenByFolder) throw notAFile(at.path);
  if (object !== undefined) throw isTaken(at.path, 'path');
}

/** Whether a folder has the name; the one around it has to be there. */
async function isFolderThere(
  bucket: BucketRequests,
  root: string,
  at: At,
  looks: Looks,
  signal: AbortSignal,
): Promise<boolean> {
  const folders = await looks.foldersIn(bucket, atPath(root, parentOf(at.path)), signal);
  return folders === undefined ? isFolder(bucket, at, signal) : folders.has(lastOf(at.path));
}

const isTooMany = (error: unknown): boolean => error instanceof Error && /Exceeded \d+ parts/.test(error.message);

/**
 * The client with every request ended by the signal, but those that begin and end an upload: one that is cut while it begins
 * could never be ended, and parts stay, unseen and paid for, until it is.
 */
function abortable(client: S3Client, signal: AbortSignal): S3Client {
  const send = (command: object): Promise<unknown> => {
    if (command instanceof CreateMultipartUploadCommand) return client.send(command);
    const ends = command instanceof AbortMultipartUploadCommand;
    const abortSignal = ends ? AbortSignal.timeout(cleaning) : signal;
    return client.send(command as Parameters<S3Client['send']>[0], { abortSignal });
  };
  return Object.create(client, { send: { value: send } }) as S3Client;
}
