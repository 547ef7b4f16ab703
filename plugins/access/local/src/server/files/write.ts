import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises';
import { giveBack, type WriteOptions } from '@stele/sdk';
import { check, conflict, errnoOf, invalid, leavesRoot } from '../errors.ts';
import { chunksUntil } from '@stele/sdk/trees';
import { at, look, reopen } from './handle.ts';
import type { Name } from '@stele/sdk/trees';
import { openFile } from './read.ts';
import type { Spot } from './walk.ts';

type Content = AsyncIterable<Uint8Array>;

/** Choices of {@link writeWhole}: a copy needs no sync, its source is still there. */
export interface WholeOptions extends WriteOptions {
  readonly sync: boolean;
  /** Bytes of a write, for which pieces are kept; 1 where they are of memory that is used again. */
  readonly atOnce: number;
}

const newFile = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
const defaultMode = 0o644;

/**
 * Writes a whole file: into a new one beside it, which then takes its name at once.
 * @returns its bytes
 */
export async function writeWhole(
  spot: Spot,
  path: string,
  content: Content,
  options: WholeOptions,
  signal: AbortSignal,
): Promise<number> {
  const mode = await modeFor(spot, path, options);
  const draft = Buffer.from(`.stele-${randomBytes(9).toString('base64url')}.part`);
  let size: number;
  try {
    size = await writeDraft(spot.folder, draft, chunksUntil(content, signal), { ...options, mode });
    check(signal);
    await (options.overwrite === true
      ? rename(at(spot.folder, draft), at(spot.folder, spot.name))
      : claim(spot, draft));
  } finally {
    // Gone already after a rename.
    await unlinkIfThere(spot.folder, draft);
  }
  if (options.sync) await syncFolder(spot.folder);
  return size;
}

/** Writes into an existing file from `offset` on. A full disk takes back what was added. */
export async function writeFrom(
  spot: Spot,
  path: string,
  content: Content,
  offset: number,
  signal: AbortSignal,
): Promise<void> {
  if (!Number.isSafeInteger(offset) || offset < 0) throw invalid('offset', `${offset} is not a place in a file.`);
  await using file = await openFile(spot, path, constants.O_WRONLY);
  const { size } = await file.stat();
  if (offset > size) throw conflict(`“${path}” has ${size} bytes: there is no byte ${offset} to write from.`);
  try {
    await pour(file, gathered(chunksUntil(content, signal), 1), offset);
    await file.sync();
  } catch (error) {
    if (isFull(error)) await file.truncate(size);
    throw error;
  }
}

/** Permission bits of the file to come; an existing file's own. */
async function modeFor(spot: Spot, path: string, options: WriteOptions): Promise<number> {
  const present = await look(spot.folder, spot.name);
  if (present === undefined) return options.mode ?? defaultMode;
  if (present.isSymbolicLink()) throw leavesRoot(path);
  if (!present.isFile()) throw conflict(`“${path}” exists and is not a file.`);
  if (options.overwrite !== true) throw conflict(`“${path}” exists already.`);
  return present.mode & 0o7777;
}

async function writeDraft(
  folder: FileHandle,
  draft: Name,
  content: Content,
  { mode, sync, atOnce }: WholeOptions & { readonly mode: number },
): Promise<number> {
  await using file = await open(at(folder, draft), newFile, 0o600);
  const size = await pour(file, gathered(content, atOnce), 0);
  // After the bytes: a write clears set-uid bits, and the creation's mode goes through the umask.
  await file.chmod(mode & 0o777);
  if (sync) await file.sync();
  return size;
}

/** Bytes of a write of what a network gives by 16 KiB: each call to the system costs as much as one of these. */
export const enough = 256 * 1024;

/** The same bytes, as many pieces at a time as have so many bytes. */
async function* gathered(content: Content, least: number): AsyncGenerator<Uint8Array[]> {
  let [waiting, size]: [Uint8Array[], number] = [[], 0];
  for await (const chunk of content) {
    waiting.push(chunk);
    size += chunk.length;
    if (size < least) continue;
    yield waiting;
    [waiting, size] = [[], 0];
  }
  if (size > 0) yield waiting;
}

/**
 * Writes pieces, and gives back the memory of those that were lent.
 * @returns where they end
 */
async function pour(file: FileHandle, content: AsyncIterable<Uint8Array[]>, offset: number): Promise<number> {
  let position = offset;
  for await (const chunks of content) {
    for (let rest = chunks; rest.length > 0;) {
      const { bytesWritten } = await file.writev(rest, position);
      position += bytesWritten;
      rest = after(rest, bytesWritten);
    }
    for (const chunk of chunks) giveBack(chunk);
  }
  return position;
}

/** What of some pieces lies after so many bytes. Pure. */
export function after(chunks: readonly Uint8Array[], bytes: number): Uint8Array[] {
  let skipped = bytes;
  return chunks.flatMap((chunk) => {
    const rest = chunk.subarray(Math.min(skipped, chunk.length));
    skipped -= chunk.length - rest.length;
    return rest.length === 0 ? [] : [rest];
  });
}

/** Gives the draft its name unless somebody has it. */
async function claim(spot: Spot, draft: Name): Promise<void> {
  try {
    await link(at(spot.folder, draft), at(spot.folder, spot.name));
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    await claimByPlaceholder(spot.folder, draft, spot);
  }
}

/**
 * For file systems without hard links: an empty file takes the name first, and the real one replaces it. What somebody
 * else writes into the empty file in between is lost.
 */
export async function claimByPlaceholder(folder: FileHandle, name: Name, to: Spot): Promise<void> {
  await (await open(at(to.folder, to.name), newFile, 0o600)).close();
  try {
    await rename(at(folder, name), at(to.folder, to.name));
  } catch (error) {
    await unlinkIfThere(to.folder, to.name);
    throw error;
  }
}

/** Whether an error of `link` says that there is no such thing here, or that the kernel protects this file from it. */
export function hasNoLinks(error: unknown): boolean {
  return ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'].includes(errnoOf(error) ?? '');
}

export async function unlinkIfThere(folder: FileHandle, name: Name): Promise<void> {
  try {
    await unlink(at(folder, name));
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
  }
}

/** Makes a new name survive a power cut. */
export async function syncFolder(folder: FileHandle): Promise<void> {
  try {
    await using readable = await reopen(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    await readable.sync();
  } catch (error) {
    // A folder that we may write to but not read can't be synced; some network file systems don't know how to.
    if (!['EACCES', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(errnoOf(error) ?? '')) throw error;
  }
}

function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errnoOf(error) ?? '');
}
