import type { Readable } from 'node:stream';
import type {
  ByteRange,
  FileEntry,
  FilePage,
  FileTree,
  FileUsage,
  Host,
  ListOptions,
  OpenStorage,
  StorageResource,
  WriteOptions,
} from '@stele/sdk';
import { readOnly } from './errors.ts';

/** A host's folder as a storage: refuses changes where the storage is read-only, and ends the lease. */
export class PosixStorage implements OpenStorage {
  readonly #host: Host;
  readonly #tree: FileTree;
  readonly #storage: StorageResource;

  constructor(host: Host, base: string, storage: StorageResource) {
    this.#host = host;
    this.#tree = host.files(base);
    this.#storage = storage;
  }

  list(path: string, options: ListOptions, signal: AbortSignal): Promise<FilePage> {
    return this.#tree.list(path, options, signal);
  }

  stat(path: string, signal: AbortSignal): Promise<FileEntry> {
    return this.#tree.stat(path, signal);
  }

  read(path: string, range: ByteRange | undefined, signal: AbortSignal): Promise<Readable> {
    return this.#tree.read(path, range, signal);
  }

  async write(
    path: string,
    content: AsyncIterable<Uint8Array>,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<FileEntry> {
    return this.#writable().write(path, content, options, signal);
  }

  async makeFolder(path: string, signal: AbortSignal): Promise<FileEntry> {
    return this.#writable().makeFolder(path, signal);
  }

  async move(from: string, to: string, signal: AbortSignal): Promise<FileEntry> {
    return this.#writable().move(from, to, signal);
  }

  async copy(from: string, to: string, signal: AbortSignal): Promise<FileEntry> {
    return this.#writable().copy(from, to, signal);
  }

  async remove(path: string, signal: AbortSignal): Promise<void> {
    return this.#writable().remove(path, signal);
  }

  usage(signal: AbortSignal): Promise<FileUsage | undefined> {
    return this.#tree.usage(signal);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#host[Symbol.asyncDispose]());
  }

  // Called in async methods alone: a refusal is a rejection like any other.
  #writable(): FileTree {
    if (this.#storage.readOnly) throw readOnly(this.#storage.name);
    return this.#tree;
  }
}
