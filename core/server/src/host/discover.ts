import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { messageOf } from '@stele/sdk';
import { type PluginFolder, type Source, sources } from './types.ts';

/** A folder that claims to be a plugin. */
export interface Candidate {
  readonly source: Source;
  /** Real path of the package. */
  readonly path: string;
  /** Key in the site file that led here. */
  readonly name?: string | undefined;
  /** The parsed `package.json`, or why there is none. */
  readonly packageJson: unknown;
  readonly unreadable?: string;
}

export interface Discovery {
  /** In order of precedence. */
  readonly candidates: readonly Candidate[];
  /** Places that hold no plugin, for the log. */
  readonly empty: readonly PluginFolder[];
}

const levelsBelow = 2;

/** Looks for plugins. Reads `package.json` files and nothing else. */
export async function discover(folders: readonly PluginFolder[]): Promise<Discovery> {
  const ordered = folders.toSorted((a, b) => sources.indexOf(a.kind) - sources.indexOf(b.kind));
  const byPath = new Map<string, Candidate>();
  const empty: PluginFolder[] = [];
  for (const folder of ordered) {
    const found = await search(folder, folder.path, levelsBelow);
    if (found.length === 0) empty.push(folder);
    for (const candidate of found) {
      // One folder may be reached by two roads; it is no clash with itself.
      if (!byPath.has(candidate.path)) byPath.set(candidate.path, candidate);
    }
  }
  return { candidates: [...byPath.values()], empty };
}

async function search(from: PluginFolder, path: string, levels: number): Promise<Candidate[]> {
  const own = await candidateAt(from, path);
  if (own) return [own];
  if (levels === 0) return [];
  const found: Candidate[] = [];
  for (const folder of await subfolders(path)) found.push(...(await search(from, folder, levels - 1)));
  return found;
}

/** The plugin that lies in exactly this folder. */
export async function candidateAt(
  { kind, name }: Omit<PluginFolder, 'path'>,
  path: string,
): Promise<Candidate | undefined> {
  const text = await readOptional(join(path, 'package.json'));
  if (text === undefined) return undefined;
  const place = { source: kind, path: await realpath(path), name };
  try {
    const packageJson: unknown = JSON.parse(text);
    return isPlugin(packageJson) ? { ...place, packageJson } : undefined;
  } catch (error) {
    return { ...place, packageJson: undefined, unreadable: `package.json of ${basename(path)}: ${messageOf(error)}` };
  }
}

function isPlugin(packageJson: unknown): boolean {
  return typeof packageJson === 'object' && packageJson !== null && 'stele' in packageJson;
}

async function subfolders(path: string): Promise<string[]> {
  const names = await readdir(path).catch(absent);
  const paths = (names ?? [])
    .filter(mayHoldPlugins)
    .toSorted()
    .map((name) => join(path, name));
  const isFolder = await Promise.all(paths.map(async (one) => (await stat(one).catch(absent))?.isDirectory() === true));
  return paths.filter((_, at) => isFolder[at]);
}

function mayHoldPlugins(name: string): boolean {
  return name !== 'node_modules' && !name.startsWith('.');
}

async function readOptional(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(absent);
}

/** A place that isn't there holds nothing. Anything else is an error that an operator wants to hear of. */
function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}
