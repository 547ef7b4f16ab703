import { mkdir } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { ByteRange, FileEntry, FilePage, FileTree, FileUsage, ListOptions, WriteOptions } from '@stele/sdk';
import { check, errnoOf, fileError, invalid } from '../errors.ts';
import { copyEntry } from './copy.ts';
import { at } from './handle.ts';
import { describeSpot, listFolder } from './describe.ts';
import { moveEntry } from './move.ts';
import { lastOf, partsOf } from '@stele/sdk/trees';
import { readFile } from './read.ts';
import { removeEntry } from './remove.ts';
import { usageOf } from './usage.ts';
import { type Spot, Walk } from './walk.ts';
import { enough, syncFolder, writeFrom, writeWhole } from './write.ts';

/** Whether a link at the end of a path stands for its target. */
type Follow = 'follow' | 'keep';

/** A folder of this machine as a tree that nothing leads out of. Holds nothing open between calls. */
export class LocalFileTree implements FileTree {
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  list(path: string, options: ListOptions, signal: AbortSignal): Promise<FilePage> {
    return this.#at(path, 'follow', signal, (spot) => listFolder(this.#root, spot, path, options, signal));
  }

  stat(path: string, signal: AbortSignal): Promise<FileEntry> {
    return this.#at(path, 'keep', signal, (spot) => describeSpot(this.#root, spot, path));
  }

  read(path: string, range: ByteRange | undefined, signal: AbortSignal): Promise<Readable> {
    return this.#at(path, 'follow', signal, (spot) => readFile(spot, path, range, signal));
  }

  async write(
    path: string,
    content: AsyncIterable<Uint8Array>,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<FileEntry> {
    checkNotRoot(path, 'path');
    const { offset } = options;
    if (offset !== undefined) {
      await this.#at(path, 'follow', signal, (spot) => writeFrom(spot, path, content, offset, signal));
      return this.stat(path, signal);
    }
    const all = { ...options, sync: true, atOnce: enough };
    const size = await this.#at(path, 'follow', signal, (spot) => writeWhole(spot, path, content, all, signal));
    if (options.unseen === true) return { name: lastOf(path), path, kind: 'file', size };
    return this.stat(path, signal);
  }

  async makeFolder(path: string, signal: AbortSignal): Promise<FileEntry> {
    checkNotRoot(path, 'path');
    await this.#at(path, 'keep', signal, async ({ folder, name }) => {
      await mkdir(at(folder, name), 0o755);
      await syncFolder(folder);
    });
    return this.stat(path, signal);
  }

  async move(from: string, to: string, signal: AbortSignal): Promise<FileEntry> {
    try {
      await this.#between(from, to, 'keep', signal, (source, target) => moveEntry(source, target, from));
    } catch (error) {
      if (errnoOf((error as Error).cause) !== 'EXDEV') throw error;
      await this.copy(from, to, signal);
      await this.remove(from, signal);
    }
    return this.stat(to, signal);
  }

  async copy(from: string, to: string, signal: AbortSignal): Promise<FileEntry> {
    await this.#between(from, to, 'follow', signal, (source, target, walk) =>
      copyEntry(source, target, walk.folders, from, signal),
    );
    return this.stat(to, signal);
  }

  async remove(path: string, signal: AbortSignal): Promise<void> {
    checkNotRoot(path, 'path');
    await this.#at(path, 'keep', signal, (spot) => removeEntry(spot, path, signal));
  }

  usage(signal: AbortSignal): Promise<FileUsage | undefined> {
    return this.#at('', 'keep', signal, ({ folder }) => usageOf(folder));
  }

  async #at<T>(
    path: string,
    follow: Follow,
    signal: AbortSignal,
    work: (spot: Spot) => Promise<T>,
    field = 'path',
  ): Promise<T> {
    check(signal);
    const parts = partsOf(path, field);
    try {
      await using walk = await Walk.from(this.#root, path);
      return await work(await walk.to(parts, follow === 'follow'));
    } catch (error) {
      throw fileError(error, path, field);
    }
  }

  async #between(
    from: string,
    to: string,
    follow: Follow,
    signal: AbortSignal,
    work: (source: Spot, target: Spot, targetWalk: Walk) => Promise<void>,
  ): Promise<void> {
    checkNotRoot(from, 'from');
    checkNotRoot(to, 'to');
    const parts = partsOf(to, 'to');
    const onward = async (source: Spot) => {
      try {
        await using walk = await Walk.from(this.#root, to);
        await work(source, await walk.to(parts, false), walk);
      } catch (error) {
        throw fileError(error, to, 'to');
      }
    };
    await this.#at(from, follow, signal, onward, 'from');
  }
}

function checkNotRoot(path: string, field: string): void {
  if (path === '') throw invalid(field, 'This can’t be done with the root of a storage.');
}
