import type { Readable } from 'node:stream';

/** What a directory entry is. `other` = device, socket, pipe; an object whose key can’t be a path here. */
export type FileKind = 'file' | 'folder' | 'link' | 'other';

/** One entry of a file tree. */
export interface FileEntry {
  /** Last part of the path. Any bytes but `/` and NUL; what is not UTF-8 is shown with replacement characters. */
  readonly name: string;
  /** Relative to the tree's root, `/`-separated, no leading slash; the root itself is ``. */
  readonly path: string;
  /** What it is. A link is described by its target when that lies within the root, else it is `link`. */
  readonly kind: FileKind;
  /** Bytes; 0 for what is not a file. */
  readonly size: number;
  /** ISO 8601 UTC. Absent where nobody wrote it down: a folder of an object store. */
  readonly modifiedAt?: string;
  /** Permission bits, e.g. `0o644`. Absent where entries have none. */
  readonly mode?: number;
}

/** One page of a listing. */
export interface FilePage {
  /**
   * At most the asked number of entries: folders first, then the rest (links among them), by name in natural order; where
   * `total` is absent, in the system’s own order.
   */
  readonly items: readonly FileEntry[];
  /** Pass it as `cursor` to go on; absent at the end. */
  readonly next?: string;
  /**
   * Entries of the folder in all, hidden ones only where they are listed. Absent in a folder too large to be read for one
   * page: then no page is sorted, and the count is known at the end.
   */
  readonly total?: number;
}

/** Which bytes of a file: from `start` to `end`, both inclusive. Parts beyond the file's end are empty. */
export interface ByteRange {
  /** First byte, from 0. */
  readonly start: number;
  /** Last byte, inclusive. */
  readonly end?: number;
}

/** Choices of {@link FileTree.list}. */
export interface ListOptions {
  /** Where the previous page ended. Default: the beginning. */
  readonly cursor?: string;
  /** Entries a page, 1–1,000. Default 200. */
  readonly limit?: number;
  /** Whether names that begin with a dot are listed. Default false. */
  readonly hidden?: boolean;
}

/** Choices of {@link FileTree.write}. */
export interface WriteOptions {
  /**
   * Byte to write from; the file exists (NOT_FOUND) and is at least that long (CONFLICT). What was written before a failure
   * stays, but for a full disk, which takes back what was added. UNSUPPORTED where files are written whole only. Default:
   * replace the whole file, atomically.
   */
  readonly offset?: number;
  /** Whether an existing file may be replaced. Default false: CONFLICT. */
  readonly overwrite?: boolean;
  /** Bytes that will come, where that is known: for systems that cut a file into parts beforehand. */
  readonly size?: number;
  /** Permission bits of a new file; an existing one keeps its own. Default `0o644`. Nothing where entries have none. */
  readonly mode?: number;
  /**
   * Whether nobody looks at the entry that comes back, as when many files are copied: it may lack the time and the rights, where the system
   * would have to be asked for them. Default false.
   */
  readonly unseen?: boolean;
}

/** Room on the file system below a tree. */
export interface FileUsage {
  /** Bytes that exist in all, for this user where a quota tells. */
  readonly total: number;
  /** Bytes that can still be written. */
  readonly free: number;
}

/**
 * A tree of files of which nothing leads out. Paths are relative to its root; `..`, absolute paths, NUL, and links that
 * leave the root are refused, also when somebody swaps a folder for a link during the call.
 *
 * Every method throws INVALID (field `path`, `from` or `to`) for a path that can't be, NOT_FOUND, DENIED (permissions, or a way out of
 * the root), CONFLICT (exists already, not empty, wrong kind), LIMIT (disk or quota full), UNREACHABLE.
 */
export interface FileTree {
  /** One page of a folder. */
  list(path: string, options: ListOptions, signal: AbortSignal): Promise<FilePage>;
  /** One entry. */
  stat(path: string, signal: AbortSignal): Promise<FileEntry>;
  /** A file's bytes. The stream is destroyed when `signal` aborts; destroying it closes the file. */
  read(path: string, range: ByteRange | undefined, signal: AbortSignal): Promise<Readable>;
  /**
   * Writes a file from a stream and syncs it. Without `offset` the file appears whole or not at all: a stream that fails
   * or an abort leaves what was there before. Chunks are the tree’s from then on: of what was lent, it may give the memory back.
   */
  write(
    path: string,
    content: AsyncIterable<Uint8Array>,
    options: WriteOptions,
    signal: AbortSignal,
  ): Promise<FileEntry>;
  /** Makes one folder; its parent exists. */
  makeFolder(path: string, signal: AbortSignal): Promise<FileEntry>;
  /**
   * Renames or moves within the tree; a link itself, not its target. CONFLICT when `to` exists. In one step where the system
   * can; else all is copied before anything goes, and a failure leaves what was there, perhaps with copies beside it.
   */
  move(from: string, to: string, signal: AbortSignal): Promise<FileEntry>;
  /**
   * Copies a file, or a folder with all that is in it, links in it as links; pipes, sockets and devices in it are left out.
   * CONFLICT when `to` exists.
   */
  copy(from: string, to: string, signal: AbortSignal): Promise<FileEntry>;
  /** Removes a file, a link (not its target), or a folder with all that is in it. NOT_FOUND when it isn't there. */
  remove(path: string, signal: AbortSignal): Promise<void>;
  /** Room left, or `undefined` where the system can't tell. */
  usage(signal: AbortSignal): Promise<FileUsage | undefined>;
}
