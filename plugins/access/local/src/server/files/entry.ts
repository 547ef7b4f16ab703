import type { Stats } from 'node:fs';
import type { FileEntry, FileKind } from '@stele/sdk';
import { lastOf } from '@stele/sdk/trees';

/** Describes what is at `path`. */
export function entryOf(path: string, stats: Stats): FileEntry {
  return {
    name: lastOf(path),
    path,
    kind: kindOf(stats),
    size: stats.isFile() ? stats.size : 0,
    modifiedAt: timeOf(stats.mtimeMs),
    mode: stats.mode & 0o7777,
  };
}

/** What `stats` and directory entries tell of a file's kind. */
export function kindOf(stats: Pick<Stats, 'isFile' | 'isDirectory' | 'isSymbolicLink'>): FileKind {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}

/** A file system may hold times that a date can't. */
function timeOf(milliseconds: number): string {
  const time = new Date(milliseconds);
  return Number.isNaN(time.getTime()) ? new Date(0).toISOString() : time.toISOString();
}
