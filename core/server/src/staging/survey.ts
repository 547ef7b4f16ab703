import { type FileEntry, type StageTree, SteleError } from '@stele/sdk';
import { join } from '@stele/sdk/trees';

/**
 * Entries of one task and direction, whatever they are: all are held in memory, and a store may be anybody's. More are better packed, or
 * mounted.
 */
export const mostEntries = 200_000;
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

/** What a survey has counted. */
export const entriesIn = ({ files, folders, left }: Pick<Survey, 'files' | 'folders' | 'left'>): number =>
  files.length + folders.length + left;

/**
 * Everything below `root`, hidden entries among it.
 * @param most entries that there is room for
 * @throws LIMIT (too many of them), CONFLICT (too deep), and what the tree throws
 */
export async function survey(
  tree: StageTree,
  root: string,
  signal: AbortSignal,
  most: number = mostEntries,
): Promise<Survey> {
  const entry = await tree.stat(root, signal);
  if (entry.kind === 'file') return surveyed({ files: [{ path: '', size: entry.size }], folders: [], left: 0 });
  if (entry.kind !== 'folder') return surveyed({ files: [], folders: [], left: 1 });
  const found: Found = { files: [], folders: [], left: 0 };
  await walk({ tree, root, most, found, signal }, '');
  return surveyed(found);
}

interface Walk {
  readonly tree: StageTree;
  readonly root: string;
  readonly most: number;
  readonly found: Found;
  readonly signal: AbortSignal;
}

async function walk(all: Walk, path: string): Promise<void> {
  const { tree, root, most, found, signal } = all;
  if (path.split('/').length > mostDepth) throw tooDeep(path);
  for await (const entry of entriesOf(tree, below(root, path), signal)) {
    const own = join(path, entry.name);
    if (entry.kind === 'file') found.files.push({ path: own, size: entry.size });
    else if (entry.kind === 'folder') found.folders.push(own);
    else found.left += 1;
    if (entriesIn(found) > most) throw tooMany();
    if (entry.kind === 'folder') await walk(all, own);
  }
}

async function* entriesOf(tree: StageTree, path: string, signal: AbortSignal): AsyncGenerator<FileEntry> {
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

function tooMany(): SteleError {
  const message = `There are more than ${mostEntries.toLocaleString('en')} files and folders to be copied. Choose smaller folders, or pack them into one file.`;
  return new SteleError('LIMIT', message);
}

function tooDeep(path: string): SteleError {
  const message = `“${path.split('/')[0] ?? ''}” has more than ${mostDepth} folders in each other, or a link in it leads in a circle.`;
  return new SteleError('CONFLICT', message);
}
