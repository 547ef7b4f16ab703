import { type FileEntry, type FileTree, SteleError } from '@stele/sdk';
import { join, lastOf } from '@stele/sdk/trees';

/** Files of one task and direction: more are better packed, or mounted. */
const mostFiles = 200_000;
/** Folders in each other. Links within a tree are shown as what they lead to: a circle of them ends here. */
const mostDepth = 64;

/** A file, by its path below what was surveyed; `` for a file that was surveyed itself. */
export interface SurveyedFile {
  readonly path: string;
  readonly size: number;
}

/** What lies below a path, each kind in the order of its paths. */
export interface Survey {
  readonly files: readonly SurveyedFile[];
  /** Parents before what is in them. */
  readonly folders: readonly string[];
  /** Links that lead out and special files, which nobody copies. */
  readonly left: number;
  readonly bytes: number;
}

interface Found {
  readonly files: SurveyedFile[];
  readonly folders: string[];
  left: number;
}

/**
 * Everything below `root`, hidden entries among it.
 * @throws LIMIT (too many files), CONFLICT (too deep), and what the tree throws
 */
export async function survey(tree: FileTree, root: string, signal: AbortSignal): Promise<Survey> {
  const entry = await tree.stat(root, signal);
  if (entry.kind === 'file') return surveyed({ files: [{ path: '', size: entry.size }], folders: [], left: 0 });
  if (entry.kind !== 'folder') return surveyed({ files: [], folders: [], left: 1 });
  const found: Found = { files: [], folders: [], left: 0 };
  await walk(tree, root, '', found, signal);
  return surveyed(found);
}

async function walk(tree: FileTree, root: string, path: string, found: Found, signal: AbortSignal): Promise<void> {
  if (path.split('/').length > mostDepth) throw tooDeep(path);
  for await (const entry of entriesOf(tree, below(root, path), signal)) {
    const own = join(path, entry.name);
    if (entry.kind === 'file') found.files.push({ path: own, size: entry.size });
    else if (entry.kind !== 'folder') found.left += 1;
    else {
      found.folders.push(own);
      await walk(tree, root, own, found, signal);
    }
    if (found.files.length > mostFiles) throw tooMany(root);
  }
}

async function* entriesOf(tree: FileTree, path: string, signal: AbortSignal): AsyncGenerator<FileEntry> {
  let cursor: string | undefined;
  do {
    const options = { limit: 1_000, hidden: true, ...(cursor === undefined ? {} : { cursor }) };
    const page = await tree.list(path, options, signal);
    yield* page.items;
    cursor = page.next;
  } while (cursor !== undefined);
}

/** The path of `path` below `root`, where either may be ``. */
export const below = (root: string, path: string): string => (path === '' ? root : join(root, path));

/** In one order wherever it comes from, so that a transfer that was cut knows where it was. */
function surveyed({ files, folders, left }: Found): Survey {
  return {
    files: files.sort((a, b) => byPath(a.path, b.path)),
    folders: folders.sort(byPath),
    left,
    bytes: bytesOf(files),
  };
}

/** What files take, all together. */
export const bytesOf = (files: readonly SurveyedFile[]): number => files.reduce((sum, { size }) => sum + size, 0);

/** Plain order by code units: the same on every machine. */
export const byPath = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

function tooMany(root: string): SteleError {
  const what = root === '' ? 'The storage' : `“${lastOf(root)}”`;
  const message = `${what} has more than ${mostFiles.toLocaleString('en')} files. Choose a smaller folder, or pack it into one file.`;
  return new SteleError('LIMIT', message);
}

function tooDeep(path: string): SteleError {
  const message = `“${path.split('/')[0] ?? ''}” has more than ${mostDepth} folders in each other, or a link in it leads in a circle.`;
  return new SteleError('CONFLICT', message);
}
