import type { Readable } from 'node:stream';
import type {
  ByteRange,
  FileEntry,
  FilePage,
  FileUsage,
  ListOptions,
  OpenStorage,
  StorageResource,
  WriteOptions,
} from '@stele/sdk';
import type { Room } from './ahead.ts';
import type { BucketRequests } from './bucket.ts';
import { copy, endsOf, move } from './copy.ts';
import { givenUp, noSuchPath, readOnly } from './errors.ts';
import { find, list } from './folder.ts';
import { atEntry, atPath } from './keys.ts';
import type { CopyLimits } from './limits.ts';
import { Looks } from './looks.ts';
import { read } from './read.ts';
import { remove } from './remove.ts';
import { makeFolder, write } from './write.ts';

/** What an opened storage works with. */
export interface S3StorageParts {
  readonly bucket: BucketRequests;
  readonly lease: Disposable;
  /** What all its keys begin with. */
  readonly root: string;
  readonly storage: StorageResource;
  readonly limits: CopyLimits;
  /** For what is fetched ahead of its readers; shared by all that is opened. */
  readonly room: Room;
}

/** A folder of a bucket as a storage. */
export class S3Storage implements OpenStorage {
  readonly #parts: S3StorageParts;
  readonly #looks = new Looks();

  constructor(parts: S3StorageParts) {
    this.#parts = parts;
  }

  async list(path: string, options: ListOptions, signal: AbortSignal): Promise<FilePage> {
    const { bucket, root } = this.#parts;
    return list(bucket, atPath(root, path), options, signal);
  }

  async stat(path: string, signal: AbortSignal): Promise<FileEntry> {
    const { bucket, root } = this.#parts;
    check(signal);
    const entry = await find(bucket, atPath(root, path), signal);
    if (entry === undefined) throw noSuchPath(path);
    return entry;
  }

  async read(path: string, range: ByteRange | undefined, signal: AbortSignal): Promise<Readable> {
    const { bucket, root, room } = this.#parts;
    return read(bucket, atPath(root, path), range, room, signal);
  }

  async write(
    path: string,
    content: AsyncIterable<Uint8Array>,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<FileEntry> {
    const { bucket, root } = this.#writable(signal);
    return write(bucket, root, atEntry(root, path), content, options, this.#looks, signal);
  }

  async makeFolder(path: string, signal: AbortSignal): Promise<FileEntry> {
    const { bucket, root } = this.#writable(signal);
    return this.#changing(makeFolder(bucket, root, atEntry(root, path), signal));
  }

  async move(from: string, to: string, signal: AbortSignal): Promise<FileEntry> {
    const { bucket, root, limits } = this.#writable(signal);
    return this.#changing(move(bucket, endsOf(root, from, to), limits, signal));
  }

  async copy(from: string, to: string, signal: AbortSignal): Promise<FileEntry> {
    const { bucket, root, limits } = this.#writable(signal);
    return this.#changing(copy(bucket, endsOf(root, from, to), limits, signal));
  }

  async remove(path: string, signal: AbortSignal): Promise<void> {
    const { bucket, root } = this.#writable(signal);
    return this.#changing(remove(bucket, atEntry(root, path), signal));
  }

  /** A bucket has no end, or doesn't tell. */
  async usage(signal: AbortSignal): Promise<FileUsage | undefined> {
    check(signal);
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#parts.lease[Symbol.dispose]();
  }

  /** Folders may come and go by it, and partly so when it fails. */
  async #changing<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } finally {
      this.#looks.forget();
    }
  }

  #writable(signal: AbortSignal): S3StorageParts {
    check(signal);
    if (this.#parts.storage.readOnly) throw readOnly(this.#parts.storage.name);
    return this.#parts;
  }
}

function check(signal: AbortSignal): void {
  if (signal.aborted) throw givenUp();
}
