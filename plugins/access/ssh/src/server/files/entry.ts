import type { FileEntry, FileKind } from '@stele/sdk';
import { lastOf } from '@stele/sdk/trees';
import type { Attributes } from '../sftp/wire.ts';

const kinds: Readonly<Record<number, FileKind>> = { 0o100000: 'file', 0o040000: 'folder', 0o120000: 'link' };

export function kindOf({ mode }: Attributes): FileKind {
  return kinds[mode & 0o170000] ?? 'other';
}

/** Describes what is at `path`. */
export function entryOf(path: string, attributes: Attributes): FileEntry {
  const kind = kindOf(attributes);
  return {
    name: lastOf(path),
    path,
    kind,
    size: kind === 'file' ? attributes.size : 0,
    modifiedAt: new Date(attributes.modified * 1000).toISOString(),
    mode: attributes.mode & 0o7777,
  };
}
