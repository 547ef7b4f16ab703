import type { Dirent } from 'node:fs';
import { type FileHandle, readdir } from 'node:fs/promises';
import type { ListOptions } from '@stele/sdk';
import { checkPaging, type NamePage, pageOf, sortNames } from '@stele/sdk/trees';
import { at } from './handle.ts';

/** One page of the names in a folder, in the contract's order. */
export async function listNames(folder: FileHandle, options: ListOptions): Promise<NamePage> {
  checkPaging(options);
  const entries = await readNames(folder);
  const names = entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  return pageOf(sortNames(names, options), options);
}

/** The raw names in a folder. */
export function readNames(folder: FileHandle): Promise<Dirent<Buffer>[]> {
  return readdir(at(folder), { withFileTypes: true, encoding: 'buffer' });
}
