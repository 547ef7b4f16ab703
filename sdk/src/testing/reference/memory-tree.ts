import { Readable } from 'node:stream';
import type { ByteRange, FileEntry, FilePage, FileTree, FileUsage, ListOptions, WriteOptions } from '../../files.ts';
import { borrow, giveBack } from '../../lent-memory.ts';
import {
  fail,
  type MemoryDisk,
  type MemoryFile,
  type MemoryFolder,
  type MemoryNode,
  newFolder,
  type Place,
} from './memory-disk.ts';

/** What a tree can get wrong. */
export type TreeFault =
  | 'follows links out'
  | 'cleans paths'
  | 'ignores aborts'
  | 'writes in place'
  | 'hides a full disk'
  | 'leaves drafts'
  | 'keeps what did not fit'
  | 'loses one at page borders'
  | 'counts pages by offset'
  | 'sorts by code'
  | 'shows hidden names'
  | 'replaces when moving'
  | 'replaces when copying'
  | 'shares copies'
  | 'removes what links lead to'
  | 'leaves holes'
  | 'takes the end of a range for exclusive'
  | 'throws uncoded errors'
  | 'blames no field'
  | 'overwrites always'
  | 'never closes streams'
  | 'gives memory back too early';

const order = new Intl.Collator('en', { numeric: true });

/** A file tree in memory that keeps the contract, but for the faults it is given. */
export class MemoryTree implements FileTree {
  readonly #disk: MemoryDisk;
  readonly #root: readonly string[];
  readonly #faults: ReadonlySet<TreeFault>;

  /** @param root names of the folders from the disk's root down to the tree's */
  constructor(disk: MemoryDisk, root: readonly string[], faults: readonly TreeFault[] = []) {
    this.#disk = disk;
    this.#root = root;
    this.#faults = new Set(faults);
  }

  async list(path: string, options: ListOptions, signal: AbortSignal): Promise<FilePage> {
    this.#check(signal);
    const { limit = 200, cursor, hidden = this.#faults.has('shows hidden names') } = options;
    if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) fail('INVALID', 'limit', 'limit');
    const { node } = this.#place(path, true);
    if (node === undefined) fail('NOT_FOUND', path);
    if (node.kind !== 'folder') fail('CONFLICT', path);
    const items = [...node.children.keys()]
      .filter((name) => hidden || !name.startsWith('.'))
      .map((name) => this.#describe(path === '' ? name : `${path}/${name}`))
      .sort((left, right) => this.#compare(left, right));
    const start = this.#startOf(cursor, items);
    const page = items.slice(start, start + limit);
    const last = page.at(-1);
    if (last === undefined || start + limit >= items.length) return { items: page, total: items.length };
    return { items: page, total: items.length, next: this.#cursorAfter(last, start + limit) };
  }

  async stat(path: string, signal: AbortSignal): Promise<FileEntry> {
    this.#check(signal);
    return this.#describe(path);
  }

  async read(path: string, range: ByteRange | undefined, signal: AbortSignal): Promise<Readable> {
    this.#check(signal);
    const { start = 0, end = Number.MAX_SAFE_INTEGER - 1 } = range ?? {};
    if (!Number.isSafeInteger(start) || start < 0 || end < start) fail('INVALID', 'range', 'range');
    const { node } = this.#place(path, true);
    if (node === undefined) fail('NOT_FOUND', path);
    if (node.kind === 'link') fail('DENIED', path);
    if (node.kind !== 'file') fail('CONFLICT', path);
    const bytes = node.bytes.subarray(
      start,
      this.#faults.has('takes the end of a range for exclusive') ? end : end + 1,
    );
    return this.#streamOf(bytes, signal);
  }

  async write(
    path: string,
    content: AsyncIterable<Uint8Array>,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<FileEntry> {
    this.#check(signal);
    if (path === '') fail('INVALID', 'the root', 'path');
    const place = this.#place(path, true);
    if (options.offset !== undefined) await this.#writeFrom(place, content, options.offset, signal);
    else await this.#writeWhole(place, content, options, signal);
    return this.#describe(path);
  }

  async makeFolder(path: string, signal: AbortSignal): Promise<FileEntry> {
    this.#check(signal);
    if (path === '') fail('INVALID', 'the root', 'path');
    const { folder, name, node } = this.#place(path, false);
    if (node !== undefined) fail('CONFLICT', path);
    folder.children.set(name, newFolder());
    return this.#describe(path);
  }

  async move(from: string, to: string, signal: AbortSignal): Promise<FileEntry> {
    this.#check(signal);
    const [source, target] = this.#pair(from, to, false);
    if (target.node !== undefined && !this.#faults.has('replaces when moving')) fail('CONFLICT', to);
    source.folder.children.delete(source.name);
    target.folder.children.set(target.name, source.node);
    return this.#describe(to);
  }

  async copy(from: string, to: string, signal: AbortSignal): Promise<FileEntry> {
    this.#check(signal);
    const [source, target] = this.#pair(from, to, true);
    if (target.node !== undefined && !this.#faults.has('replaces when copying')) fail('CONFLICT', to);
    target.folder.children.set(target.name, this.#faults.has('shares copies') ? source.node : clone(source.node));
    return this.#describe(to);
  }

  async remove(path: string, signal: AbortSignal): Promise<void> {
    this.#check(signal);
    if (path === '') fail('INVALID', 'the root', 'path');
    const { folder, name, node } = this.#place(path, false);
    if (node === undefined) fail('NOT_FOUND', path);
    if (this.#faults.has('removes what links lead to')) this.#removeTargets(path);
    folder.children.delete(name);
  }

  async usage(signal: AbortSignal): Promise<FileUsage | undefined> {
    this.#check(signal);
    return { total: this.#disk.room, free: this.#disk.room - this.#disk.used };
  }

  #check(signal: AbortSignal): void {
    if (signal.aborted && !this.#faults.has('ignores aborts')) fail('UNREACHABLE', 'given up');
  }

  #place(path: string, follow: boolean, field = 'path'): Place {
    const parts = path === '' ? [] : path.split('/');
    const cleaned = this.#faults.has('cleans paths') ? clean(parts) : parts;
    if (cleaned.some(isBad) || !path.isWellFormed()) {
      fail('INVALID', `“${path}” is no path`, this.#faults.has('blames no field') ? undefined : field);
    }
    const root = this.#disk.walk([...this.#root, '.'], false, () => true).folder;
    const isWithin = (trail: readonly MemoryFolder[]) => trail.includes(root) || this.#faults.has('follows links out');
    try {
      return this.#disk.walk([...this.#root, ...(path === '' ? ['.'] : cleaned)], follow, isWithin);
    } catch (error) {
      if (this.#faults.has('throws uncoded errors')) throw new Error('ENOENT: no such file', { cause: error });
      throw error;
    }
  }

  #pair(from: string, to: string, follow: boolean): [Place & { node: MemoryNode }, Place] {
    if (from === '' || to === '') fail('INVALID', 'the root', from === '' ? 'from' : 'to');
    const source = this.#place(from, follow, 'from');
    const target = this.#place(to, false, 'to');
    const { node } = source;
    if (node === undefined) fail('NOT_FOUND', from);
    if (node.kind === 'folder' && target.trail.includes(node)) fail('CONFLICT', 'into itself');
    return [{ ...source, node }, target];
  }

  #describe(path: string): FileEntry {
    const own = this.#place(path, false).node;
    if (own === undefined) fail('NOT_FOUND', path);
    const node = own.kind === 'link' ? (this.#targetOf(path) ?? own) : own;
    return {
      name: path.slice(path.lastIndexOf('/') + 1),
      path,
      kind: node.kind,
      size: node.kind === 'file' ? node.bytes.length : 0,
      modifiedAt: node.modifiedAt,
      mode: node.kind === 'file' ? node.mode : 0o755,
    };
  }

  #targetOf(path: string): MemoryNode | undefined {
    try {
      return this.#place(path, true).node;
    } catch {
      return undefined;
    }
  }

  #compare(left: FileEntry, right: FileEntry): number {
    if (this.#faults.has('sorts by code')) return left.name < right.name ? -1 : 1;
    const [first, second] = [left, right].map((entry) => (entry.kind === 'folder' ? 0 : 1));
    return (
      (first ?? 0) - (second ?? 0) ||
      order.compare(left.name, right.name) ||
      Buffer.compare(Buffer.from(left.name), Buffer.from(right.name))
    );
  }

  #cursorAfter(last: FileEntry, index: number): string {
    if (this.#faults.has('counts pages by offset')) return String(index);
    if (this.#faults.has('loses one at page borders')) return String(index + 1);
    return `${last.kind === 'folder' ? 0 : 1}${last.name}`;
  }

  #startOf(cursor: string | undefined, items: readonly FileEntry[]): number {
    if (cursor === undefined) return 0;
    if (this.#faults.has('counts pages by offset') || this.#faults.has('loses one at page borders'))
      return Number(cursor);
    if (!/^[01]/.test(cursor)) fail('INVALID', 'cursor', 'cursor');
    const kind = cursor.startsWith('0') ? 'folder' : 'file';
    const last = { name: cursor.slice(1), kind, path: '', size: 0, modifiedAt: '', mode: 0 } as const;
    const index = items.findIndex((item) => this.#compare(item, last) > 0);
    return index < 0 ? items.length : index;
  }

  #streamOf(bytes: Buffer, signal: AbortSignal): Readable {
    if (this.#faults.has('never closes streams'))
      return Readable.from([bytes], { emitClose: false, autoDestroy: false });
    let position = 0;
    const stream = new Readable({
      highWaterMark: 65_536,
      signal,
      read(size) {
        const part = bytes.subarray(position, position + size);
        position += part.length;
        this.push(part.length === 0 ? null : part);
      },
    });
    return stream;
  }

  async #writeWhole(place: Place, content: AsyncIterable<Uint8Array>, options: WriteOptions, signal: AbortSignal) {
    const { folder, name, node } = place;
    if (node?.kind === 'folder') fail('CONFLICT', name);
    const mayReplace = options.overwrite === true || this.#faults.has('overwrites always');
    if (node !== undefined && !mayReplace) fail('CONFLICT', name);
    const file: MemoryFile = { kind: 'file', bytes: Buffer.alloc(0), modifiedAt: '', mode: options.mode ?? 0o644 };
    const draftName = this.#faults.has('writes in place') ? name : `.draft-${Math.random()}`;
    folder.children.set(draftName, file);
    try {
      await this.#pour(file, content, 0, signal);
      if (draftName !== name && folder.children.has(name) && !mayReplace) fail('CONFLICT', name);
      file.modifiedAt = new Date().toISOString();
      folder.children.set(name, file);
      if (draftName !== name) folder.children.delete(draftName);
    } catch (error) {
      if (!this.#faults.has('leaves drafts') && draftName !== name) folder.children.delete(draftName);
      throw error;
    }
  }

  async #writeFrom({ name, node }: Place, content: AsyncIterable<Uint8Array>, offset: number, signal: AbortSignal) {
    if (!Number.isSafeInteger(offset) || offset < 0) fail('INVALID', 'offset', 'offset');
    if (node === undefined) fail('NOT_FOUND', name);
    if (node.kind !== 'file') fail('CONFLICT', name);
    const size = node.bytes.length;
    if (offset > size && !this.#faults.has('leaves holes')) fail('CONFLICT', 'hole');
    try {
      await this.#pour(node, content, offset, signal);
    } catch (error) {
      if (!this.#faults.has('keeps what did not fit')) node.bytes = node.bytes.subarray(0, size);
      throw error;
    }
  }

  async #pour(file: { bytes: Buffer }, content: AsyncIterable<Uint8Array>, offset: number, signal: AbortSignal) {
    let position = offset;
    const iterator = content[Symbol.asyncIterator]();
    const abort = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined), { once: true });
    });
    for (;;) {
      const next = await (this.#faults.has('ignores aborts')
        ? iterator.next()
        : Promise.race([iterator.next(), abort]));
      if (next === undefined) fail('UNREACHABLE', 'given up');
      if (next.done === true) return;
      if (this.#disk.used + next.value.length > this.#disk.room) {
        if (this.#faults.has('hides a full disk')) return;
        fail('LIMIT', 'the disk is full');
      }
      if (this.#faults.has('gives memory back too early')) {
        giveBack(next.value);
        borrow().fill('somebody else’s');
      }
      const before = Buffer.concat([
        file.bytes.subarray(0, position),
        Buffer.alloc(Math.max(0, position - file.bytes.length)),
      ]);
      file.bytes = Buffer.concat([before, next.value, file.bytes.subarray(position + next.value.length)]);
      position += next.value.length;
    }
  }

  #removeTargets(path: string): void {
    const node = this.#disk.walk([...this.#root, ...path.split('/')], true, () => true).node;
    if (node?.kind === 'folder') {
      for (const [name, child] of [...node.children]) {
        if (child.kind === 'link') this.#removeTargets(`${path}/${name}`);
        else node.children.delete(name);
      }
    }
  }
}

function isBad(part: string): boolean {
  return part === '' || part === '.' || part === '..' || part.includes('\0') || Buffer.byteLength(part) > 255;
}

function clean(parts: readonly string[]): string[] {
  const cleaned: string[] = [];
  for (const part of parts) {
    if (part === '..') cleaned.pop();
    else if (part !== '' && part !== '.') cleaned.push(part);
  }
  return cleaned;
}

function clone(node: MemoryNode): MemoryNode {
  if (node.kind === 'folder') {
    return { ...node, children: new Map([...node.children].map(([name, child]) => [name, clone(child)])) };
  }
  return node.kind === 'file' ? { ...node, bytes: Buffer.from(node.bytes) } : { ...node };
}
