import type { FileEntry, FilePage, ListOptions } from '@stele/sdk';
import type { FileHandle } from 'node:fs/promises';
import { check, errnoOf } from '../errors.ts';
import { entryOf } from './entry.ts';
import { look, openEntry, openFolder } from './handle.ts';
import { listNames } from './list.ts';
import { join, type Name, partsOf } from '@stele/sdk/trees';
import { type Spot, Walk } from './walk.ts';

/** What is at `path`; a link by its target where that lies within the root. */
export async function describeSpot(root: string, spot: Spot, path: string): Promise<FileEntry> {
  await using entry = await openEntry(spot.folder, spot.name);
  const stats = await entry.stat();
  if (!stats.isSymbolicLink()) return entryOf(path, stats);
  return (await describeTarget(root, path, partsOf(path))) ?? entryOf(path, stats);
}

/** One page of a folder. */
export async function listFolder(
  root: string,
  spot: Spot,
  path: string,
  options: ListOptions,
  signal: AbortSignal,
): Promise<FilePage> {
  await using folder = await openFolder(spot.folder, spot.name);
  const { names, next, total } = await listNames(folder, options);
  const items: FileEntry[] = [];
  // One after the other: a handle must not be closed while a call on it is under way, and few at a time is fast enough.
  for (const name of names) {
    check(signal);
    const entry = await describeName(root, folder, path, name);
    if (entry !== undefined) items.push(entry);
  }
  return { items, total, ...(next === undefined ? {} : { next }) };
}

/** `undefined` for what has gone since the folder was read. */
async function describeName(
  root: string,
  folder: FileHandle,
  path: string,
  name: Name,
): Promise<FileEntry | undefined> {
  const stats = await look(folder, name);
  if (stats === undefined) return undefined;
  const inner = join(path, name.toString('utf8'));
  const target = stats.isSymbolicLink() ? await describeTarget(root, inner, [...partsOf(path), name]) : undefined;
  return target ?? entryOf(inner, stats);
}

/** `undefined` when the link leads nowhere, in circles, or out of the root. */
async function describeTarget(root: string, path: string, parts: readonly Name[]): Promise<FileEntry | undefined> {
  try {
    await using walk = await Walk.from(root, path);
    const target = await walk.to(parts, true);
    const stats = await look(target.folder, target.name);
    return stats === undefined || stats.isSymbolicLink() ? undefined : entryOf(path, stats);
  } catch (error) {
    if (isDeadEnd(error)) return undefined;
    throw error;
  }
}

/** The errors with which a walk along a link says that it leads to nothing one may see. */
function isDeadEnd(error: unknown): boolean {
  const code = errnoOf(error) ?? '';
  return ['DENIED', 'CONFLICT', 'LIMIT', 'ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG'].includes(code);
}
