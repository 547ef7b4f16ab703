import { link, mkdir, rename, rmdir, unlink } from 'node:fs/promises';
import { conflict, errnoOf, missing } from '../errors.ts';
import { at, look } from './handle.ts';
import { claimByPlaceholder, hasNoLinks, syncFolder } from './write.ts';
import type { Spot } from './walk.ts';

/**
 * Moves without replacing anything. Linux can do that in one step (`renameat2`), Node can't ask for it, so:
 *
 * - a file or link gets its new name by a hard link, which never replaces, and then loses the old one. Seen from outside
 *   there are two names for a moment, and after a crash for good; who puts another file at the old name in that moment
 *   loses it;
 * - a folder's new name is taken by an empty folder, which the rename replaces. Whoever removes that empty folder and makes
 *   another empty one in that moment loses theirs; a folder with something in it is never replaced.
 *
 * @param path what to call `from` in messages
 * @throws the system's EXDEV when the two places are on different file systems
 */
export async function moveEntry(from: Spot, to: Spot, path: string): Promise<void> {
  const present = await look(from.folder, from.name);
  if (present === undefined) throw missing(path);
  await (present.isDirectory() ? moveFolder(from, to) : moveFile(from, to));
  await syncFolder(to.folder);
  await syncFolder(from.folder);
}

async function moveFile(from: Spot, to: Spot): Promise<void> {
  try {
    await link(at(from.folder, from.name), at(to.folder, to.name));
  } catch (error) {
    if (!hasNoLinks(error)) throw error;
    return claimByPlaceholder(from.folder, from.name, to);
  }
  await unlink(at(from.folder, from.name));
}

async function moveFolder(from: Spot, to: Spot): Promise<void> {
  await mkdir(at(to.folder, to.name), 0o700);
  try {
    await rename(at(from.folder, from.name), at(to.folder, to.name));
  } catch (error) {
    await removePlaceholder(to);
    throw errnoOf(error) === 'EINVAL' ? conflict('A folder can’t be moved into itself.') : error;
  }
}

async function removePlaceholder(spot: Spot): Promise<void> {
  try {
    await rmdir(at(spot.folder, spot.name));
  } catch (error) {
    // Somebody has begun to use it, or took it away: it is theirs now.
    if (!['ENOTEMPTY', 'ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')) throw error;
  }
}
