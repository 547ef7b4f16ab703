import type { Dirent } from 'node:fs';
import { type FileHandle, readdir } from 'node:fs/promises';
import type { ListOptions } from '@stele/sdk';
import { invalid } from '../errors.ts';
import { at } from './handle.ts';
import { naturalKey } from './natural-order.ts';
import type { Name } from './path.ts';

/** One name of a folder with what it is sorted by. */
interface Row {
  readonly name: Name;
  readonly text: string;
  readonly rank: '0' | '1';
  readonly key: string;
}

/** One page of names. */
export interface NamePage {
  readonly names: readonly Name[];
  readonly next: string | undefined;
  readonly total: number;
}

const defaultLimit = 200;
const maxLimit = 1_000;

/** One page of the names in a folder, in the contract's order. */
export async function listNames(folder: FileHandle, options: ListOptions): Promise<NamePage> {
  const limit = checkedLimit(options.limit);
  const after = options.cursor === undefined ? undefined : rowOfCursor(options.cursor);
  const rows = (await readNames(folder))
    .map((entry) => rowOf(entry.name, entry.isDirectory()))
    .filter((row) => options.hidden === true || !row.text.startsWith('.'))
    .sort(compare);
  const start = after === undefined ? 0 : firstAfter(rows, after);
  const page = rows.slice(start, start + limit);
  const last = page.at(-1);
  const next = last !== undefined && start + limit < rows.length ? cursorOf(last) : undefined;
  return { names: page.map((row) => row.name), next, total: rows.length };
}

/** The raw names in a folder. */
export function readNames(folder: FileHandle): Promise<Dirent<Buffer>[]> {
  return readdir(at(folder), { withFileTypes: true, encoding: 'buffer' });
}

function rowOf(name: Name, isFolder: boolean): Row {
  const text = name.toString('utf8');
  return { name, text, rank: isFolder ? '0' : '1', key: naturalKey(text) };
}

function compare(left: Row, right: Row): number {
  if (left.rank !== right.rank) return left.rank < right.rank ? -1 : 1;
  if (left.key !== right.key) return left.key < right.key ? -1 : 1;
  return Buffer.compare(left.name, right.name);
}

/** A cursor names the last row that was seen, so that what comes and goes meanwhile costs nobody else their place. */
function cursorOf(row: Row): string {
  return Buffer.concat([Buffer.from(row.rank), row.name]).toString('base64url');
}

function rowOfCursor(cursor: string): Row {
  const bytes = Buffer.from(cursor, 'base64url');
  const rank = bytes.toString('latin1', 0, 1);
  if ((rank !== '0' && rank !== '1') || bytes.toString('base64url') !== cursor) {
    throw invalid('cursor', 'This is not where a listing ended: begin again.');
  }
  return rowOf(bytes.subarray(1), rank === '0');
}

function firstAfter(rows: readonly Row[], row: Row): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(rows[middle] as Row, row) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function checkedLimit(limit = defaultLimit): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit)
    throw invalid('limit', `Ask for 1 to ${maxLimit} entries.`);
  return limit;
}
