import { randomBytes } from 'node:crypto';
import type { WriteOptions } from '@stele/sdk';
import { chunksUntil, type Name } from '@stele/sdk/trees';
import { check, conflict, invalid, leavesRoot } from '../errors.ts';
import { flags, type Handle, isStatus, type SftpSession, status } from '../sftp/session.ts';
import { kindOf } from './entry.ts';
import { pour } from './pour.ts';
import { openFile } from './read.ts';
import { absolute, look, recheck, type Spot } from './resolve.ts';

const defaultMode = 0o644;
/** Puts bytes into an open file. */
export type Fill = (handle: Handle) => Promise<void>;

/** Writes a whole file: into a new one beside it, which then takes its name at once. */
export async function writeWhole(
  session: SftpSession,
  root: string,
  spot: Spot,
  called: string,
  fill: Fill,
  options: WriteOptions,
  signal: AbortSignal,
): Promise<void> {
  const mode = modeFor(spot, called, options);
  const draft = absolute(root, [...spot.parts.slice(0, -1), draftName()]);
  const handle = await session.open(draft, flags.write | flags.create | flags.exclusive, 0o600);
  try {
    try {
      await recheck(session, root, spot, called);
      await fill(handle);
      await session.change(handle, { mode: mode & 0o777 });
      await session.sync(handle);
    } finally {
      await session.closeHandle(handle);
    }
    check(signal);
    await recheck(session, root, spot, called);
    if (options.overwrite === true) await session.replace(draft, spot.path);
    else await claim(session, draft, spot, called);
  } catch (error) {
    await removeIfThere(session, draft);
    throw error;
  }
}

/** Writes into an existing file from `offset` on. A full disk takes back what was added. */
export async function writeFrom(
  session: SftpSession,
  root: string,
  spot: Spot,
  called: string,
  content: AsyncIterable<Uint8Array>,
  offset: number,
  signal: AbortSignal,
): Promise<void> {
  if (!Number.isSafeInteger(offset) || offset < 0) throw invalid('offset', `${offset} is not a place in a file.`);
  const handle = await openFile(session, root, spot, called, flags.write);
  try {
    const { size } = await session.fstat(handle);
    if (offset > size) throw conflict(`“${called}” has ${size} bytes: there is no byte ${offset} to write from.`);
    try {
      await pour(session, handle, chunksUntil(content, signal), offset);
      await session.sync(handle);
    } catch (error) {
      if (isStatus(error, status.failure)) await session.change(handle, { size });
      throw error;
    }
  } finally {
    await session.closeHandle(handle);
  }
}

/** Permission bits of the file to come; an existing file's own. */
function modeFor({ attributes }: Spot, called: string, options: WriteOptions): number {
  if (attributes === undefined) return options.mode ?? defaultMode;
  const kind = kindOf(attributes);
  if (kind === 'link') throw leavesRoot(called);
  if (kind !== 'file') throw conflict(`“${called}” exists and is not a file.`);
  if (options.overwrite !== true) throw conflict(`“${called}” exists already.`);
  return attributes.mode;
}

/** Gives the draft its name unless somebody has it: the server links a file to its new name, which replaces nothing. */
async function claim(session: SftpSession, draft: Buffer, spot: Spot, called: string): Promise<void> {
  try {
    await session.rename(draft, spot.path);
  } catch (error) {
    if ((await look(session, spot.path)) !== undefined) throw conflict(`“${called}” exists already.`);
    throw error;
  }
}

function draftName(): Name {
  return Buffer.from(`.stele-${randomBytes(9).toString('base64url')}.part`);
}

export async function removeIfThere(session: SftpSession, path: Buffer): Promise<void> {
  try {
    await session.remove(path);
  } catch (error) {
    if (!isStatus(error, status.missing)) throw error;
  }
}
