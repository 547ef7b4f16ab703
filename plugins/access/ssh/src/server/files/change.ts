import { chunksUntil, type Name } from '@stele/sdk/trees';
import { check, conflict, missing, tooDeep } from '../errors.ts';
import { isStatus, type SftpSession, status } from '../sftp/session.ts';
import type { Attributes } from '../sftp/wire.ts';
import { kindOf } from './entry.ts';
import { readFolder } from './folder.ts';
import { pour } from './pour.ts';
import { bytesOf } from './read-ahead.ts';
import { forReading, openFile } from './read.ts';
import { absolute, depthLimit, look, recheck, type Spot } from './resolve.ts';
import { writeWhole } from './write.ts';

/** Requests that are under way at a time. */
const atOnce = 64;
/** A server copies in one go and answers nobody meanwhile. */
const copyPiece = 64 * 1024 * 1024;

/** What a change works on. */
export interface Change {
  readonly session: SftpSession;
  readonly root: string;
  readonly called: string;
  readonly signal: AbortSignal;
}

/** Makes one folder. */
export async function makeFolder({ session, root, called }: Change, spot: Spot): Promise<void> {
  if (spot.attributes !== undefined) throw conflict(`“${called}” exists already.`);
  await recheck(session, root, spot, called);
  try {
    await session.makeFolder(spot.path, 0o755);
  } catch (error) {
    if ((await look(session, spot.path)) !== undefined) throw conflict(`“${called}” exists already.`);
    throw error;
  }
}

/** Renames without replacing anything. @returns whether it could: between file systems it can't */
export async function rename({ session, root, called }: Change, from: Spot, to: Spot): Promise<boolean> {
  checkPair(from, to, called);
  await recheck(session, root, from, called);
  await recheck(session, root, to, called);
  try {
    await session.rename(from.path, to.path);
    return true;
  } catch (error) {
    if (!isStatus(error, status.failure)) throw error;
    if ((await look(session, to.path)) !== undefined) throw conflict('The new name is taken.');
    return false;
  }
}

/** Copies a file, a link as a link, or a folder with all that is in it. What was made is removed when it fails. */
export async function copy(change: Change, from: Spot, to: Spot): Promise<void> {
  const { attributes } = from;
  checkPair(from, to, change.called);
  if (attributes !== undefined && kindOf(attributes) === 'other')
    throw conflict(`“${change.called}” is neither a file nor a folder.`);
  await copyEntry(change, from, to);
}

async function copyEntry(change: Change, from: Spot, to: Spot): Promise<void> {
  check(change.signal);
  const kind = from.attributes === undefined ? undefined : kindOf(from.attributes);
  if (kind === 'folder') await copyFolder(change, from, to);
  else if (kind === 'link') await change.session.makeLink(to.path, await change.session.readLink(from.path));
  else if (kind === 'file') await copyFile(change, from, to);
}

async function copyFile({ session, root, called, signal }: Change, from: Spot, to: Spot): Promise<void> {
  const source = await openFile(session, root, from, called, forReading);
  try {
    const { size, mode } = await session.fstat(source);
    const fill = async (target: Buffer) => {
      if (!session.has('copy-data'))
        return pour(session, target, chunksUntil(bytesOf(session, source, called), signal), 0);
      for (let offset = 0; offset < size; offset += copyPiece) {
        check(signal);
        await session.copyData(source, target, offset, Math.min(copyPiece, size - offset));
      }
    };
    await writeWhole(session, root, to, called, fill, { mode: mode & 0o777 }, signal);
  } finally {
    await session.closeHandle(source);
  }
}

async function copyFolder(change: Change, from: Spot, to: Spot): Promise<void> {
  const { session, root, called } = change;
  if (to.parts.length > depthLimit) throw tooDeep(called, depthLimit);
  const listed = await readFolder(session, from.path);
  await recheckFolder(change, from);
  await session.makeFolder(to.path, 0o700);
  try {
    for (const { name, attributes } of listed)
      await copyEntry(change, inside(root, from, name, attributes), inside(root, to, name, undefined));
    await session.changeMode(to.path, (from.attributes?.mode ?? 0o755) & 0o777);
  } catch (error) {
    // The copy was given up, its cleaning is not.
    await remove(
      { ...change, signal: new AbortController().signal },
      { ...to, attributes: await look(session, to.path) },
    );
    throw error;
  }
}

/** Removes what is there; a folder with all that is in it. Links are removed, never followed. */
export async function remove(change: Change, spot: Spot): Promise<void> {
  check(change.signal);
  if (spot.attributes === undefined) throw missing(change.called);
  await recheck(change.session, change.root, spot, change.called);
  if (kindOf(spot.attributes) === 'folder') await removeFolder(change, spot);
  else await change.session.remove(spot.path);
}

async function removeFolder(change: Change, spot: Spot): Promise<void> {
  const { session, root, called, signal } = change;
  if (spot.parts.length > depthLimit) throw tooDeep(called, depthLimit);
  const listed = await readFolder(session, spot.path);
  const folders = listed.filter(({ attributes }) => kindOf(attributes) === 'folder');
  const others = listed.filter(({ attributes }) => kindOf(attributes) !== 'folder');
  for (let start = 0; start < others.length; start += atOnce) {
    check(signal);
    await recheckFolder(change, spot);
    await Promise.all(
      others
        .slice(start, start + atOnce)
        .map(({ name }) => gone(session.remove(inside(root, spot, name, undefined).path))),
    );
  }
  for (const { name, attributes } of folders) {
    check(signal);
    await gone(removeFolder(change, inside(root, spot, name, attributes)));
  }
  await gone(session.removeFolder(spot.path));
}

/** Somebody else was faster. */
async function gone(work: Promise<void>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!isStatus(error, status.missing)) throw error;
  }
}

/** Narrows the moment in which a folder may be swapped for a link. */
async function recheckFolder({ session, root, called }: Change, spot: Spot): Promise<void> {
  await recheck(session, root, { ...spot, parts: [...spot.parts, Buffer.from('.')] }, called);
}

function inside(root: string, { parts }: Spot, name: Name, attributes: Attributes | undefined): Spot {
  const all = [...parts, name];
  return { parts: all, path: absolute(root, all), attributes };
}

function checkPair(from: Spot, to: Spot, called: string): void {
  if (from.attributes === undefined) throw missing(called);
  if (to.attributes !== undefined) throw conflict('The new name is taken.');
  const isInside = from.parts.every((part, index) => to.parts[index]?.equals(part) === true);
  if (isInside) throw conflict('A folder can’t be put into itself.');
}
