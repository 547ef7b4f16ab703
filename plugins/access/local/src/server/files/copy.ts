import { constants } from 'node:fs';
import { chmod, type FileHandle, mkdir, readlink, symlink } from 'node:fs/promises';
import { check, conflict, missing, tooDeep } from '../errors.ts';
import { at, look, openFolder } from './handle.ts';
import { readNames } from './list.ts';
import { openFile } from './read.ts';
import { removeEntry } from './remove.ts';
import { depthLimit, type Spot } from './walk.ts';
import { writeWhole } from './write.ts';

interface Copying {
  readonly path: string;
  readonly signal: AbortSignal;
  readonly depth: number;
}

/**
 * Copies a file, a link as a link, or a folder with all that is in it. Pipes, sockets and devices in it hold nothing that
 * could be copied and are left out. What was made is removed when it fails.
 * @param ancestors handles of the folders above `to`: none of them may be what is copied
 */
export async function copyEntry(
  from: Spot,
  to: Spot,
  ancestors: readonly FileHandle[],
  path: string,
  signal: AbortSignal,
): Promise<void> {
  const stats = await look(from.folder, from.name);
  if (stats === undefined) throw missing(path);
  if (stats.isDirectory()) await checkOutside(from, ancestors);
  if (!stats.isDirectory() && !stats.isFile() && !stats.isSymbolicLink()) {
    throw conflict(`“${path}” is neither a file nor a folder.`);
  }
  await copy(from, to, { path, signal, depth: 0 });
}

async function copy(from: Spot, to: Spot, copying: Copying): Promise<void> {
  check(copying.signal);
  // Gone meanwhile: opening it says so.
  const stats = await look(from.folder, from.name);
  if (stats?.isDirectory() === true) await copyFolder(from, to, stats.mode & 0o777, copying);
  else if (stats?.isSymbolicLink() === true) await copyLink(from, to);
  else if (stats === undefined || stats.isFile()) await copyFile(from, to, copying);
}

async function copyFile(from: Spot, to: Spot, { path, signal }: Copying): Promise<void> {
  await using file = await openFile(from, path, constants.O_RDONLY);
  const mode = (await file.stat()).mode & 0o777;
  await writeWhole(to, path, chunksOf(file), { mode, sync: false, atOnce: 1 }, signal);
}

async function* chunksOf(file: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  const buffer = Buffer.allocUnsafe(256 * 1024);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

async function copyLink(from: Spot, to: Spot): Promise<void> {
  await symlink(await readlink(at(from.folder, from.name), { encoding: 'buffer' }), at(to.folder, to.name));
}

async function copyFolder(from: Spot, to: Spot, mode: number, copying: Copying): Promise<void> {
  if (copying.depth > depthLimit) throw tooDeep(copying.path, depthLimit);
  await mkdir(at(to.folder, to.name), 0o700);
  try {
    await copyContent(from, to, mode, copying);
  } catch (error) {
    // The copy was given up, its cleaning is not.
    await removeEntry(to, copying.path, new AbortController().signal);
    throw error;
  }
}

async function copyContent(from: Spot, to: Spot, mode: number, copying: Copying): Promise<void> {
  await using source = await openFolder(from.folder, from.name);
  await using target = await openFolder(to.folder, to.name);
  for (const { name } of await readNames(source)) {
    await copy({ folder: source, name }, { folder: target, name }, { ...copying, depth: copying.depth + 1 });
  }
  await chmod(at(target), mode);
}

/** A folder that is copied into itself would never end. */
async function checkOutside(from: Spot, ancestors: readonly FileHandle[]): Promise<void> {
  await using source = await openFolder(from.folder, from.name);
  const { dev, ino } = await source.stat();
  for (const ancestor of ancestors) {
    const above = await ancestor.stat();
    if (above.dev === dev && above.ino === ino) throw conflict('A folder can’t be copied into itself.');
  }
}
