import { SteleError } from '../errors.ts';
import type { ListOptions } from '../files.ts';
import { naturalKey } from './natural-order.ts';
import type { Name } from './path.ts';

/** A name in a folder, and whether it is a folder itself. */
export interface Named {
  /** Its bytes. */
  readonly name: Name;
  /** Folders come first. */
  readonly isFolder: boolean;
}

/** One page of names. */
export interface NamePage {
  /** The names, in the contract's order. */
  readonly names: readonly Name[];
  /** Where the next page begins; `undefined` at the end. */
  readonly next: string | undefined;
  /** Names in all. */
  readonly total: number;
}

/** One name with what it is sorted by. */
interface Row {
  readonly name: Name;
  readonly text: string;
  readonly rank: '0' | '1';
  readonly key: string;
}

/** The names of a folder in the order of {@link FilePage}, ready to be cut into pages. */
export type SortedNames = readonly Row[];

const defaultLimit = 200;
const maxLimit = 1_000;

/** Sorts names as a listing shows them: folders first, by name in natural order; hidden ones where they are asked for. */
export function sortNames(entries: readonly Named[], options: Pick<ListOptions, 'hidden'>): SortedNames {
  return entries
    .map(({ name, isFolder }) => rowOf(name, isFolder))
    .filter((row) => options.hidden === true || !row.text.startsWith('.'))
    .sort(compare);
}

/**
 * Cuts one page out.
 * @throws INVALID (field `limit` or `cursor`)
 */
export function pageOf(rows: SortedNames, options: ListOptions): NamePage {
  const { limit, after } = checkedPaging(options);
  const start = after === undefined ? 0 : firstAfter(rows, after);
  const page = rows.slice(start, start + limit);
  const last = page.at(-1);
  const next = last !== undefined && start + limit < rows.length ? cursorOf(last) : undefined;
  return { names: page.map((row) => row.name), next, total: rows.length };
}

/**
 * Refuses what can't be a page, before a folder is read for it.
 * @throws INVALID (field `limit` or `cursor`)
 */
export function checkPaging(options: ListOptions): void {
  checkedPaging(options);
}

function checkedPaging({ limit = defaultLimit, cursor }: ListOptions): { limit: number; after: Row | undefined } {
  if (!Number.isInteger(limit) || limit < 1 || limit > maxLimit)
    throw new SteleError('INVALID', `Ask for 1 to ${maxLimit} entries.`, { field: 'limit' });
  return { limit, after: cursor === undefined ? undefined : rowOfCursor(cursor) };
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
    throw new SteleError('INVALID', 'This is not where a listing ended: begin again.', { field: 'cursor' });
  }
  return rowOf(bytes.subarray(1), rank === '0');
}

function firstAfter(rows: SortedNames, row: Row): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(rows[middle] as Row, row) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
