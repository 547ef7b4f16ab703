import { type ErrorCode, type FileEntry, type FileKind, type FileUsage, SteleError } from '@stele/sdk';
import { join, lastOf } from '@stele/sdk/trees';

const kinds: Readonly<Record<number, FileKind>> = { 0x4: 'folder', 0x8: 'file', 0xa: 'link' };

/** An entry, from what `stat -c '%f %s %Y'` prints of it. Pure. PROTOCOL for anything else. */
export function entryOf(said: string, path: string): FileEntry {
  const [, mode = '', size = '', time = ''] = /^([0-9a-f]+) (\d+) (-?\d+)$/.exec(said) ?? [];
  if (mode === '')
    throw new SteleError('PROTOCOL', 'What copies the files says something that is no file.', { raw: said });
  const bits = parseInt(mode, 16);
  const kind = kinds[bits >> 12] ?? 'other';
  const modifiedAt = new Date(Number(time) * 1_000).toISOString();
  return { name: lastOf(path), path, kind, size: kind === 'file' ? Number(size) : 0, modifiedAt, mode: bits & 0o7777 };
}

/** An entry of the folder at `path`, from a line `MODE SIZE TIME PATH`. Pure. */
export function listedOf(line: string, path: string): FileEntry {
  const [, said = '', name = ''] = /^(\S+ \S+ \S+) (?:.*\/)?([^/]+)$/.exec(line) ?? [];
  return entryOf(said, join(path, name));
}

const meanings: readonly (readonly [RegExp, ErrorCode, (path: string) => string])[] = [
  [/No space left|quota/i, 'LIMIT', () => 'The task’s own folder is full.'],
  [/No such file|nonexistent/, 'NOT_FOUND', (path) => `There is no “${path}” in the task’s folder.`],
  [/File exists/, 'CONFLICT', (path) => `“${path}” exists in the task’s folder.`],
  [/Not a (?:folder|directory)/, 'CONFLICT', (path) => `“${path}” is not a folder.`],
  [/became shorter/, 'UNREACHABLE', (path) => `“${path}” became shorter while it was read.`],
  [
    /Permission denied|Read-only|not permitted/,
    'DENIED',
    (path) => `“${path}” can’t be read or changed: the task made it for itself alone.`,
  ],
];

/** Why something wasn't done. Pure. */
export function refusalOf(said: string, path: string): SteleError {
  const [, code, words] = meanings.find(([pattern]) => pattern.test(said)) ?? [];
  if (code === undefined) {
    return new SteleError('PROTOCOL', `“${path}” could not be copied: ${said.slice(0, 300)}.`, { raw: said });
  }
  return new SteleError(code, words?.(path) ?? said, { field: 'path', raw: said });
}

/** Room, from the last line of `df -Pk`. Pure. */
export function usageOf(said: string): FileUsage | undefined {
  const [, total, free] = /\s(\d+)\s+\d+\s+(\d+)\s+\d+%/.exec(said) ?? [];
  if (total === undefined || free === undefined) return undefined;
  return { total: Number(total) * 1024, free: Number(free) * 1024 };
}

/** A path below the task's folder as the script reads it. Pure. INVALID for one that leads out. */
export function spelled(path: string): string {
  const parts = path.split('/');
  const isWhole = path === '' || parts.every((part) => part !== '' && part !== '.' && part !== '..');
  if (!isWhole || path.includes('\0')) {
    throw new SteleError('INVALID', `“${path}” is not a path in the task’s folder.`, { field: 'path' });
  }
  const plain = /[A-Za-z0-9._/-]/;
  const bytes = [...Buffer.from(path === '' ? '.' : `./${path}`)];
  return bytes
    .map((byte) => [String.fromCharCode(byte), byte] as const)
    .map(([letter, byte]) => (byte < 128 && plain.test(letter) ? letter : `\\0${byte.toString(8).padStart(3, '0')}`))
    .join('');
}
