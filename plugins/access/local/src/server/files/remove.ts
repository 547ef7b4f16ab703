import { type FileHandle, rmdir, unlink } from 'node:fs/promises';
import { check, errnoOf, tooDeep } from '../errors.ts';
import { at, openFolder } from './handle.ts';
import { readNames } from './list.ts';
import type { Name } from '@stele/sdk/trees';
import { depthLimit, type Spot } from './walk.ts';

/** How often a folder is emptied again when somebody keeps filling it. */
const rounds = 3;

/** Removes what is there; a folder with all that is in it. Links are removed, never followed. */
export async function removeEntry(spot: Spot, path: string, signal: AbortSignal): Promise<void> {
  await remove(spot.folder, spot.name, { path, signal, depth: 0 });
}

interface Removal {
  readonly path: string;
  readonly signal: AbortSignal;
  readonly depth: number;
}

async function remove(folder: FileHandle, name: Name, removal: Removal): Promise<void> {
  check(removal.signal);
  try {
    await unlink(at(folder, name));
  } catch (error) {
    // Linux says EISDIR for a folder, other systems behind a mount EPERM.
    if (errnoOf(error) !== 'EISDIR' && errnoOf(error) !== 'EPERM') throw error;
    await removeFolder(folder, name, removal, error);
  }
}

async function removeFolder(folder: FileHandle, name: Name, removal: Removal, refusal: unknown): Promise<void> {
  if (removal.depth > depthLimit) throw tooDeep(removal.path, depthLimit);
  for (let round = 1; ; round += 1) {
    try {
      await empty(folder, name, removal);
      await rmdir(at(folder, name));
      return;
    } catch (error) {
      // Not a folder after all: what unlink said counts.
      if (errnoOf(error) === 'ENOTDIR') throw refusal;
      if (errnoOf(error) !== 'ENOTEMPTY' || round === rounds) throw error;
    }
  }
}

async function empty(folder: FileHandle, name: Name, removal: Removal): Promise<void> {
  await using inner = await openFolder(folder, name);
  for (const entry of await readNames(inner)) {
    try {
      await remove(inner, entry.name, { ...removal, depth: removal.depth + 1 });
    } catch (error) {
      // Somebody else was faster.
      if (errnoOf(error) !== 'ENOENT') throw error;
    }
  }
}
