import { Readable } from 'node:stream';
import { type FileTree, type OpenStorage, SteleError } from '@stele/sdk';
import type { StagedState, StagingPlan } from '../../model/index.ts';
import type { StagerParts } from '../parts.ts';
import { below, survey } from '../survey.ts';
import { stagingAtStart } from '../start.ts';
import { MapTree } from './map-tree.ts';

const never = new AbortController().signal;

/** A tree in memory with these files, their folders made. */
export async function treeWith(files: Readonly<Record<string, string>>, room?: number): Promise<FileTree> {
  const tree: FileTree = new MapTree(room);
  for (const [path, text] of Object.entries(files)) {
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const folder = parts.slice(0, depth).join('/');
      // Made for a file before this one, perhaps.
      if (!(await isThere(tree, folder))) await tree.makeFolder(folder, never);
    }
    await put(tree, path, text);
  }
  return tree;
}

/** Writes a file, over another one if need be. */
export async function put(tree: FileTree, path: string, text: string): Promise<void> {
  await tree.write(path, Readable.from([Buffer.from(text)]), { overwrite: true }, never);
}

async function isThere(tree: FileTree, path: string): Promise<boolean> {
  return tree.stat(path, never).then(
    () => true,
    () => false,
  );
}

/** All files of a tree with what is in them; folders without files as `name/`. */
export async function contentOf(tree: FileTree, path = ''): Promise<Record<string, string>> {
  const { files, folders } = await survey(tree, path, never);
  const empty = folders.filter(
    (folder) => ![...folders, ...files.map((file) => file.path)].some((one) => one.startsWith(`${folder}/`)),
  );
  const read = async ({ path: one }: { readonly path: string }): Promise<readonly [string, string]> => {
    const content = (await tree.read(below(path, one), undefined, never)) as AsyncIterable<Uint8Array>;
    return [below(path, one), Buffer.concat(await Array.fromAsync(content)).toString()];
  };
  const marks = empty.map((folder) => [`${below(path, folder)}/`, ''] as const);
  return Object.fromEntries([...(await Promise.all(files.map(read))), ...marks]);
}

/** Storages by id, as {@link StagerParts} takes them, whoever asks; a missing one is NOT_FOUND. */
export function storagesOf(trees: Readonly<Record<string, FileTree>>): StagerParts['storages'] {
  const open = async (_viewer: unknown, id: string): Promise<OpenStorage> => {
    const tree = trees[id];
    if (!tree) throw new SteleError('NOT_FOUND', 'There is no such storage.');
    return replaced(tree, { [Symbol.asyncDispose]: async () => undefined });
  };
  return { open, openMounted: open };
}

/** Folders of tasks' own, which are all this tree; without one there are none. */
export function ownOf(tree: FileTree | undefined): StagerParts['own'] {
  const kept = (): FileTree => {
    if (tree) return tree;
    throw new SteleError('UNSUPPORTED', 'Nothing keeps files here.');
  };
  return {
    open: async () => replaced(kept(), { [Symbol.asyncDispose]: async () => undefined }),
    remove: async (_task, signal) => {
      for (const { path } of (await kept().list('', {}, signal)).items) await kept().remove(path, signal);
    },
  };
}

/** A tree of which some calls are replaced. */
export function replaced<T extends object>(tree: FileTree, parts: T): FileTree & T {
  const bound = (name: keyof FileTree) => (tree[name] as (...args: unknown[]) => unknown).bind(tree);
  const names = ['list', 'stat', 'read', 'write', 'makeFolder', 'move', 'copy', 'remove', 'usage'] as const;
  return { ...Object.fromEntries(names.map((name) => [name, bound(name)])), ...parts } as unknown as FileTree & T;
}

/** A tree of which nothing can be read: who tries is told of, and waits until they give up. */
export function stuck(tree: FileTree, begun: () => void): FileTree {
  return replaced(tree, {
    read: async (_path: string, _range: unknown, signal: AbortSignal) => {
      begun();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw new SteleError('UNREACHABLE', 'given up');
    },
  });
}

/** A plan between the storages `bucket` and `work`. */
export function planOf(parts: Partial<StagingPlan> = {}): StagingPlan {
  const workspace = { storage: 'work', storageName: 'Work', path: 'stele-tasks/key' };
  const source = { storage: 'bucket', storageName: 'Bucket', path: 'data', as: 'data' };
  const out = { storage: 'bucket', storageName: 'Bucket', path: 'results', folder: 'results/task-key' };
  return { target: '/storage/work/stele-tasks/key', workspace, in: [source], out, ...parts };
}

/** How a launch leaves it. */
export const freshState: StagedState = stagingAtStart(planOf()).staged;
