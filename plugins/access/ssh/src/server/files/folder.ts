import { type FileEntry, type FilePage, hasCode, type ListOptions } from '@stele/sdk';
import { checkPaging, join, type Name, pageOf, type SortedNames, sortNames } from '@stele/sdk/trees';
import { check, conflict, missing } from '../errors.ts';
import { isStatus, type Listed, type SftpSession, status } from '../sftp/session.ts';
import type { Attributes } from '../sftp/wire.ts';
import { entryOf, kindOf } from './entry.ts';
import { absolute, look, resolve, type Spot } from './resolve.ts';

/** Questions about a folder's content that are under way at a time. */
const ahead = 8;

/** All entries of a folder. @throws the server's word when it is no folder (any more) */
export async function readFolder(session: SftpSession, path: Buffer): Promise<Listed[]> {
  const handle = await session.openFolder(path);
  try {
    const all: Listed[] = [];
    for (let isAtEnd = false; !isAtEnd;) {
      const answers = await Promise.all(Array.from({ length: ahead }, () => session.readFolder(handle)));
      for (const listed of answers) for (const entry of listed ?? []) all.push(entry);
      isAtEnd = answers.includes(undefined);
    }
    return all;
  } finally {
    await session.closeHandle(handle);
  }
}

interface Snapshot {
  readonly rows: SortedNames;
  readonly modified: number;
  readonly isHidden: boolean;
  readonly at: number;
}

/** How long the order of a large folder is kept for its next pages. */
const lifetime = 30_000;
const worthKeeping = 1_000;
const kept = 8;

/**
 * Lists folders page by page. A folder of 100,000 entries would be read anew for each page, so its sorted names are kept for a
 * moment, as long as the folder's time doesn't change; what a page shows of them is asked anew.
 */
export class Listing {
  readonly #root: string;
  readonly #snapshots = new Map<string, Snapshot>();

  constructor(root: string) {
    this.#root = root;
  }

  async page(
    session: SftpSession,
    spot: Spot,
    path: string,
    options: ListOptions,
    signal: AbortSignal,
  ): Promise<FilePage> {
    checkPaging(options);
    if (spot.attributes === undefined) throw missing(path);
    if (kindOf(spot.attributes) !== 'folder') throw conflict(`“${path}” is not a folder.`);
    const key = spot.path.toString('latin1');
    const old = options.cursor === undefined ? undefined : this.#kept(key, spot.attributes, options.hidden === true);
    const known = new Map<string, Attributes>();
    const rows = old?.rows ?? (await this.#read(session, spot, key, options, known));
    check(signal);
    const { names, next, total } = pageOf(rows, options);
    const items = await Promise.all(
      names.map((name) => this.#describe(session, spot, path, name, known.get(name.toString('latin1')))),
    );
    return { items: items.filter((item) => item !== undefined), total, ...(next === undefined ? {} : { next }) };
  }

  #kept(key: string, { modified }: Attributes, isHidden: boolean): Snapshot | undefined {
    const snapshot = this.#snapshots.get(key);
    if (snapshot === undefined || snapshot.modified !== modified || snapshot.isHidden !== isHidden) return undefined;
    return performance.now() - snapshot.at < lifetime ? snapshot : undefined;
  }

  async #read(
    session: SftpSession,
    spot: Spot,
    key: string,
    options: ListOptions,
    known: Map<string, Attributes>,
  ): Promise<SortedNames> {
    const listed = await readFolder(session, spot.path);
    const rows = sortNames(
      listed.map(({ name, attributes }) => ({ name, isFolder: kindOf(attributes) === 'folder' })),
      options,
    );
    if (listed.length <= worthKeeping)
      for (const { name, attributes } of listed) known.set(name.toString('latin1'), attributes);
    else
      this.#keep(key, {
        rows,
        modified: spot.attributes?.modified ?? 0,
        isHidden: options.hidden === true,
        at: performance.now(),
      });
    return rows;
  }

  #keep(key: string, snapshot: Snapshot): void {
    // Its times are in seconds: a folder that changes right now can't be told from one that doesn't.
    if (snapshot.modified * 1000 > Date.now() - 2_000) return;
    this.#snapshots.delete(key);
    this.#snapshots.set(key, snapshot);
    const [oldest] = this.#snapshots.keys();
    if (this.#snapshots.size > kept && oldest !== undefined) this.#snapshots.delete(oldest);
  }

  /** `undefined` for what has gone since the folder was read. */
  async #describe(
    session: SftpSession,
    spot: Spot,
    path: string,
    name: Name,
    known: Attributes | undefined,
  ): Promise<FileEntry | undefined> {
    const parts = [...spot.parts, name];
    const attributes = known ?? (await look(session, absolute(this.#root, parts)));
    if (attributes === undefined) return undefined;
    const inner = join(path, name.toString('utf8'));
    const target = kindOf(attributes) === 'link' ? await targetOf(session, this.#root, parts, inner) : undefined;
    return entryOf(inner, target ?? attributes);
  }
}

/** What a link leads to; `undefined` when that is nowhere, in circles, or out of the root. */
export async function targetOf(
  session: SftpSession,
  root: string,
  parts: readonly Name[],
  called: string,
): Promise<Attributes | undefined> {
  try {
    return (await resolve(session, root, parts, true, called)).attributes;
  } catch (error) {
    const isDeadEnd = hasCode(error, 'DENIED', 'CONFLICT', 'LIMIT', 'NOT_FOUND');
    if (isDeadEnd || isStatus(error, status.missing) || isStatus(error, status.denied)) return undefined;
    throw error;
  }
}
