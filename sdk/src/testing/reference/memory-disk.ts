import { SteleError } from '../../errors.ts';

/** A file, a folder or a link that lives in memory. */
export type MemoryNode = MemoryFile | MemoryFolder | MemoryLink;

export interface MemoryFile {
  readonly kind: 'file';
  bytes: Buffer;
  modifiedAt: string;
  mode: number;
}

export interface MemoryFolder {
  readonly kind: 'folder';
  readonly children: Map<string, MemoryNode>;
  modifiedAt: string;
}

export interface MemoryLink {
  readonly kind: 'link';
  readonly target: string;
  modifiedAt: string;
}

/** Where a path leads: the folder that holds it, its name there, and what is there. */
export interface Place {
  readonly folder: MemoryFolder;
  readonly name: string;
  readonly node: MemoryNode | undefined;
  /** Folders on the way, the disk's root first. */
  readonly trail: readonly MemoryFolder[];
}

const linkLimit = 40;

export function newFolder(): MemoryFolder {
  return { kind: 'folder', children: new Map(), modifiedAt: new Date().toISOString() };
}

export function fail(code: SteleError['code'], message: string, field?: string): never {
  throw new SteleError(code, message || 'the root', field === undefined ? {} : { field });
}

/** Folders, files and links in memory, with an end to the room. */
export class MemoryDisk {
  readonly root: MemoryFolder = newFolder();
  readonly room: number;

  constructor(room = Number.MAX_SAFE_INTEGER) {
    this.room = room;
  }

  get used(): number {
    return sizeOf(this.root);
  }

  /**
   * Follows a path from the disk's root.
   * @param isWithin whether a way may go through these folders
   */
  walk(parts: readonly string[], follow: boolean, isWithin: (trail: readonly MemoryFolder[]) => boolean): Place {
    const trail = [this.root];
    const pending = [...parts];
    for (let links = 0; pending.length > 0;) {
      const folder = trail.at(-1) ?? this.root;
      const name = pending.shift() ?? '';
      if (name === '.') continue;
      if (name === '..') {
        if (trail.length > 1) trail.pop();
        if (!isWithin(trail) && pending.length < parts.length && links > 0) fail('DENIED', 'leads out');
        continue;
      }
      const node = folder.children.get(name);
      const isLast = pending.length === 0;
      if (node?.kind === 'link' && (!isLast || follow)) {
        links += 1;
        if (links > linkLimit) fail('CONFLICT', 'goes round in links');
        if (node.target.startsWith('/')) trail.splice(1);
        pending.unshift(...node.target.split('/').filter((part) => part !== '' && part !== '.'));
        continue;
      }
      if (isLast) return this.#arrive({ folder, name, node, trail: [...trail] }, isWithin);
      if (node === undefined) fail('NOT_FOUND', `${name} is not there`);
      if (node.kind !== 'folder') fail('CONFLICT', `${name} is not a folder`);
      trail.push(node);
    }
    const folder = trail.at(-1) ?? this.root;
    if (!isWithin(trail)) fail('DENIED', 'leads out');
    return { folder, name: '', node: folder, trail };
  }

  #arrive(place: Place, isWithin: (trail: readonly MemoryFolder[]) => boolean): Place {
    if (!isWithin(place.trail)) fail('DENIED', 'leads out');
    return place;
  }
}

function sizeOf(node: MemoryNode): number {
  if (node.kind === 'file') return node.bytes.length;
  if (node.kind === 'link') return 0;
  return [...node.children.values()].reduce((sum, child) => sum + sizeOf(child), 0);
}
