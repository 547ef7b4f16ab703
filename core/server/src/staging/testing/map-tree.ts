import { Readable } from 'node:stream';
import {
  type ByteRange,
  type FileEntry,
  type FilePage,
  type FileTree,
  SteleError,
  type WriteOptions,
} from '@stele/sdk';
import { lastOf } from '@stele/sdk/trees';

/** As much of a file tree, in memory, as staging asks of one. Pages of two, so that there are several. */
export class MapTree implements FileTree {
  readonly #nodes = new Map<string, Buffer | 'folder'>([['', 'folder']]);
  readonly #room: number;

  /** @param room bytes that fit into it */
  constructor(room = Number.MAX_SAFE_INTEGER) {
    this.#room = room;
  }

  async list(path: string, { cursor = '0', hidden = false }: { cursor?: string; hidden?: boolean }): Promise<FilePage> {
    if (this.#node(path) !== 'folder') throw new SteleError('CONFLICT', `“${path}” is not a folder.`);
    const paths = [...this.#nodes.keys()].filter((one) => one !== '' && parentOf(one) === path);
    const seen = paths.map((one) => this.#entry(one)).filter(({ name }) => hidden || !name.startsWith('.'));
    const end = Number(cursor) + 2;
    return { items: seen.slice(Number(cursor), end), ...(end < seen.length ? { next: String(end) } : {}) };
  }

  async stat(path: string): Promise<FileEntry> {
    this.#node(path);
    return this.#entry(path);
  }

  async read(path: string, range?: ByteRange): Promise<Readable> {
    const node = this.#node(path);
    if (node === 'folder') throw new SteleError('CONFLICT', `“${path}” is a folder.`);
    return Readable.from([node.subarray(range?.start ?? 0, (range?.end ?? node.length) + 1)]);
  }

  async write(path: string, content: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<FileEntry> {
    this.#demandParent(path);
    if (this.#nodes.has(path) && options.overwrite !== true) throw new SteleError('CONFLICT', `“${path}” exists.`);
    const bytes = Buffer.concat(await Array.fromAsync(content));
    if (bytes.length > (await this.usage()).free) throw new SteleError('LIMIT', 'The disk is full.');
    this.#nodes.set(path, bytes);
    return this.#entry(path);
  }

  async makeFolder(path: string): Promise<FileEntry> {
    this.#demandParent(path);
    if (this.#nodes.has(path)) throw new SteleError('CONFLICT', `“${path}” exists.`);
    this.#nodes.set(path, 'folder');
    return this.#entry(path);
  }

  async remove(path: string): Promise<void> {
    this.#node(path);
    for (const one of this.#nodes.keys()) if (one === path || one.startsWith(`${path}/`)) this.#nodes.delete(one);
  }

  async usage(): Promise<{ total: number; free: number }> {
    const used = [...this.#nodes.values()].reduce((sum, node) => sum + (node === 'folder' ? 0 : node.length), 0);
    return { total: this.#room, free: this.#room - used };
  }

  move(): Promise<never> {
    return Promise.reject(new SteleError('UNSUPPORTED', 'Nothing is moved here.'));
  }

  copy(): Promise<never> {
    return Promise.reject(new SteleError('UNSUPPORTED', 'Nothing is copied here.'));
  }

  #node(path: string): Buffer | 'folder' {
    const node = this.#nodes.get(path);
    if (node !== undefined) return node;
    throw new SteleError('NOT_FOUND', `There is no “${path}”.`);
  }

  #demandParent(path: string): void {
    if (this.#node(parentOf(path)) !== 'folder') throw new SteleError('CONFLICT', `“${path}” is in no folder.`);
  }

  #entry(path: string): FileEntry {
    const node = this.#nodes.get(path);
    const isFile = node instanceof Buffer;
    return { name: lastOf(path), path, kind: isFile ? 'file' : 'folder', size: isFile ? node.length : 0 };
  }
}

const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));
