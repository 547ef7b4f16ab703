import type { Readable } from 'node:stream';
import {
  type ByteRange,
  type FileEntry,
  type FilePage,
  type FileTree,
  type FileUsage,
  type ListOptions,
  unlessAborted,
  type WriteOptions,
} from '@stele/sdk';
import { chunksUntil, partsOf } from '@stele/sdk/trees';
import { check, invalid, missing } from '../errors.ts';
import type { SftpSession } from '../sftp/session.ts';
import type { Sftp } from '../sftp/sftp.ts';
import { type Change, copy, makeFolder, remove, rename } from './change.ts';
import { entryOf, kindOf } from './entry.ts';
import { fileError } from './errors.ts';
import { FileStream } from './file-stream.ts';
import { Listing, targetOf } from './folder.ts';
import { pour } from './pour.ts';
import { Snapshots } from './snapshots.ts';
import { checkRange, forReading, openFile } from './read.ts';
import { absolute, resolve, type Spot } from './resolve.ts';
import { writeFrom, writeWhole } from './write.ts';

/** A folder of a host as a tree that nothing leads out of, by SFTP. Decision 0013 says what holds against who swaps folders meanwhile. */
export class SftpTree implements FileTree {
  readonly #root: string;
  readonly #sftp: Sftp;
  readonly #snapshots: Snapshots;
  readonly #listing: Listing;

  constructor(root: string, sftp: Sftp) {
    this.#root = root.length > 1 ? root.replace(/\/+$/, '') : root;
    this.#sftp = sftp;
    this.#snapshots = Snapshots.of(sftp);
    this.#listing = new Listing(this.#root, this.#snapshots);
  }

  list(path: string, options: ListOptions, signal: AbortSignal): Promise<FilePage> {
    return this.#at(path, true, signal, (spot, { session }) =>
      this.#listing.page(session, spot, path, options, signal),
    );
  }

  stat(path: string, signal: AbortSignal): Promise<FileEntry> {
    return this.#at(path, false, signal, (spot, { session }) => this.#describe(session, spot, path));
  }

  async read(path: string, range: ByteRange | undefined, signal: AbortSignal): Promise<Readable> {
    check(signal);
    checkRange(range);
    const parts = partsOf(path);
    const work = async () => {
      const use = await this.#sftp.acquire();
      try {
        const spot = await resolve(use.session, this.#root, parts, true, path);
        const handle = await openFile(use.session, this.#root, spot, path, forReading);
        return new FileStream(use, handle, range, path, signal);
      } catch (error) {
        use.release();
        throw fileError(error, path);
      }
    };
    return unlessAborted(work(), signal);
  }

  async write(
    path: string,
    content: AsyncIterable<Uint8Array>,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<FileEntry> {
    checkNotRoot(path, 'path');
    return this.#at(path, true, signal, async (spot, { session }) => {
      const { offset } = options;
      const fill = (handle: Buffer) => pour(session, handle, chunksUntil(content, signal), 0);
      await this.#changing([spot], () =>
        offset === undefined
          ? writeWhole(session, this.#root, spot, path, fill, options, signal)
          : writeFrom(session, this.#root, spot, path, content, offset, signal),
      );
      return this.#describe(session, await resolve(session, this.#root, partsOf(path), false, path), path);
    });
  }

  async makeFolder(path: string, signal: AbortSignal): Promise<FileEntry> {
    checkNotRoot(path, 'path');
    return this.#at(path, false, signal, async (spot, change) => {
      await this.#changing([spot], () => makeFolder(change, spot));
      return entryOf(path, await change.session.lstat(spot.path));
    });
  }

  async move(from: string, to: string, signal: AbortSignal): Promise<FileEntry> {
    return this.#between(from, to, false, signal, async (source, target, change) => {
      if (await rename(change, source, target)) return;
      await copy(change, source, target);
      await remove(change, source);
    });
  }

  async copy(from: string, to: string, signal: AbortSignal): Promise<FileEntry> {
    return this.#between(from, to, true, signal, (source, target, change) => copy(change, source, target));
  }

  async remove(path: string, signal: AbortSignal): Promise<void> {
    checkNotRoot(path, 'path');
    return this.#at(path, false, signal, (spot, change) => this.#changing([spot], () => remove(change, spot)));
  }

  usage(signal: AbortSignal): Promise<FileUsage | undefined> {
    return this.#at('', false, signal, async (_, { session }) => {
      const room = await session.room(absolute(this.#root, []));
      return room === undefined || room.total === 0 ? undefined : room;
    });
  }

  async #describe(session: SftpSession, spot: Spot, path: string): Promise<FileEntry> {
    if (spot.attributes === undefined) throw missing(path);
    if (kindOf(spot.attributes) !== 'link') return entryOf(path, spot.attributes);
    return entryOf(path, (await targetOf(session, this.#root, partsOf(path), path)) ?? spot.attributes);
  }

  async #at<T>(
    path: string,
    follow: boolean,
    signal: AbortSignal,
    work: (spot: Spot, change: Change) => Promise<T>,
  ): Promise<T> {
    check(signal);
    const parts = partsOf(path);
    const whole = this.#sftp.use(async (session) => {
      try {
        const spot = await resolve(session, this.#root, parts, follow, path);
        check(signal);
        return await work(spot, { session, root: this.#root, called: path, signal });
      } catch (error) {
        throw fileError(error, path);
      }
    });
    return this.#settled(whole, signal);
  }

  async #between(
    from: string,
    to: string,
    follow: boolean,
    signal: AbortSignal,
    work: (source: Spot, target: Spot, change: Change) => Promise<void>,
  ): Promise<FileEntry> {
    checkNotRoot(from, 'from');
    checkNotRoot(to, 'to');
    check(signal);
    const [source, target] = [partsOf(from, 'from'), partsOf(to, 'to')];
    const whole = this.#sftp.use(async (session) => {
      try {
        const at = await resolve(session, this.#root, source, follow, from);
        const there = await resolve(session, this.#root, target, false, to);
        check(signal);
        const change = { session, root: this.#root, called: from, signal };
        await this.#changing([at, there], () => work(at, there, change));
        return await this.#describe(session, await resolve(session, this.#root, target, false, to), to);
      } catch (error) {
        throw fileError(error, from);
      }
    });
    return this.#settled(whole, signal);
  }

  /** Whatever comes of a change: what was known of the folders that it touches is known no more. */
  async #changing<T>(spots: readonly Spot[], work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      for (const { parts } of spots) this.#snapshots.forget(absolute(this.#root, parts.slice(0, -1)));
    }
  }

  /** Work that was given up is cleaned up before that is told, unless the host doesn't answer. */
  async #settled<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
    return unlessAborted(work, signal, 3_000);
  }
}

function checkNotRoot(path: string, field: string): void {
  if (path === '') throw invalid(field, 'This can’t be done with the root of a storage.');
}
