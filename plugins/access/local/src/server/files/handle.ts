import { constants, existsSync, type Stats } from 'node:fs';
import { type FileHandle, lstat, open } from 'node:fs/promises';
import { errnoOf, needsLinux } from '../errors.ts';
import type { Name } from '@stele/sdk/trees';

/**
 * Everything here names a file by a handle of the folder that holds it, through `/proc/self/fd`: what Node has in place
 * of the `…at` calls. A handle stays with its folder, so nobody can slip another one in between a check and its use.
 *
 * A path from {@link at} is good as long as its handle is open. Never close a handle while a call on such a path is under
 * way: its number may be another folder's by then.
 */
const here = '/proc/self/fd';

/** Linux's `O_PATH`, which Node doesn't name: a handle to look at and walk from, that opens neither pipes nor devices. */
const pathOnly = 0o10000000;

const itself = Buffer.from('.');

/** The path of an entry of a folder. Without a name: the folder. */
export function at(folder: FileHandle, name: Name = itself): Buffer {
  return Buffer.concat([Buffer.from(`${here}/${folder.fd}/`), name]);
}

/** A handle of the tree's root. The operator names it, so links on the way to it are followed. */
export async function openRoot(root: string): Promise<FileHandle> {
  if (!existsSync(here)) throw needsLinux();
  return open(root, pathOnly | constants.O_DIRECTORY);
}

/** A handle of a folder in a folder. ENOTDIR for whatever else it is, a link included. */
export function openFolder(folder: FileHandle, name: Name): Promise<FileHandle> {
  return open(at(folder, name), pathOnly | constants.O_DIRECTORY | constants.O_NOFOLLOW);
}

/** A handle of whatever is there, a link itself included. */
export function openEntry(folder: FileHandle, name: Name): Promise<FileHandle> {
  return open(at(folder, name), pathOnly | constants.O_NOFOLLOW);
}

/** Opens what `entry` holds; it must have been seen to be a file or a folder. */
export function reopen(entry: FileHandle, flags: number): Promise<FileHandle> {
  return open(`${here}/${entry.fd}`, flags | constants.O_NONBLOCK | constants.O_NOCTTY);
}

/** What is there, links not followed; `undefined` for nothing. */
export async function look(folder: FileHandle, name: Name): Promise<Stats | undefined> {
  try {
    return await lstat(at(folder, name));
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
