import { type FileEntry, type FilePage, hasCode, type ListOptions } from '@stele/sdk';
import { checkPaging, join, type Name, pageOf, sortNames } from '@stele/sdk/trees';
import { check, conflict, missing, tooMany } from '../errors.ts';
import { isStatus, type Listed, type SftpSession, status } from '../sftp/session.ts';
import type { Attributes } from '../sftp/wire.ts';
import { entryOf, kindOf } from './entry.ts';
import { quiet } from './read-ahead.ts';
import { absolute, look, resolve, type Spot } from './resolve.ts';
import { attributesIn, type Snapshot, type Snapshots } from './snapshots.ts';

/** Questions about a folder's content that are under way at a time, once it has shown to be large. */
const ahead = 32;
/** Entries of a folder, and bytes of their names: a server that never came to the end would fill our memory. */
const most = { entries: 1_000_000, bytes: 64 * 1024 * 1024 };

/** All entries of a folder. @throws the server's word when it is no folder (any more); LIMIT */
export async function readFolder(session: SftpSession, path: Buffer): Promise<Listed[]> {
  const handle = await session.openFolder(path);
  try {
    const all: Listed[] = [];
    let bytes = 0;
    const asked: Promise<readonly Listed[] | undefined>[] = [];
    for (let depth = 2; ; depth = Math.min(ahead, depth * 2)) {
      while (asked.length < depth) asked.push(quiet(session.readFolder(handle)));
      const listed = await asked.shift();
      if (listed === undefined) return all;
      for (const entry of listed) {
        all.push(entry);
        bytes += entry.name.length;
      }
      if (all.length > most.entries || bytes > most.bytes) throw tooMany(String(path), most.entries);
    }
  } finally {
    // Nothing is lost when that fails, and waiting for it would cost a listing one more way there and back.
    void quiet(session.closeHandle(handle));
  }
}

/** Lists a folder page by page. What later pages of a large one need is kept with the account's other uses of the host. */
export class Listing {
  readonly #root: string;
  readonly #snapshots: Snapshots;

  constructor(root: string, snapshots: Snapshots) {
    this.#root = root;
    this.#snapshots = snapshots;
  }

  async page(
    session: SftpSession,
    spot: Spot,
    path: string,
    options: ListOptions,
    signal: AbortSignal,
  ): Promise<FilePage> {
    checkPaging(options);
    const { attributes } = spot;
    if (attributes === undefined) throw missing(path);
    if (kindOf(attributes) !== 'folder') throw conflict(`“${path}” is not a folder.`);
    const isHidden = options.hidden === true;
    const old =
      options.cursor === undefined ? undefined : this.#snapshots.get(spot.path, attributes.modified, isHidden);
    const snapshot = old ?? (await this.#read(session, spot.path, attributes.modified, isHidden));
    check(signal);
    const known = attributesIn(snapshot);
    const { names, next, total } = pageOf(snapshot.rows, options);
    const items = await Promise.all(names.map((name) => this.#describe(session, spot, path, name, known.get(name))));
    return { items: items.filter((item) => item !== undefined), total, ...(next === undefined ? {} : { next }) };
  }

  async #read(session: SftpSession, path: Buffer, modified: number, isHidden: boolean): Promise<Snapshot> {
    const listed = await readFolder(session, path);
    const rows = sortNames(
      listed.map(({ name, attributes }) => ({ name, isFolder: kindOf(attributes) === 'folder' })),
      { hidden: isHidden },
    );
    const known = new Map(listed.map(({ name, attributes }) => [name, attributes]));
    const snapshot = { rows, known, modified, isHidden, at: performance.now() };
    this.#snapshots.keep(path, snapshot);
    return snapshot;
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
