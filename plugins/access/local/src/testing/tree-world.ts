import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Outside, TreeWorld } from '@stele/sdk/testing';
import { LocalFileTree } from '../server/files/tree.ts';

const run = promisify(execFile);

/** A tree in a new folder, with a neighbour that it must never touch. */
export async function openWorld(): Promise<TreeWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'stele-tree-'));
  const root = join(folder, 'root');
  await mkdir(root);
  return {
    tree: new LocalFileTree(root),
    link: (path, target) => symlink(target, join(root, path)),
    outside: await makeOutside(join(folder, 'outside')),
    close: () => rm(folder, { recursive: true }),
  };
}

export async function makeOutside(path: string): Promise<Outside> {
  await mkdir(path);
  await writeFile(join(path, 'secret'), 'the secret');
  const state = async () => `${(await readdir(path)).join()}: ${await readFile(join(path, 'secret'), 'utf8')}`;
  return { path, state };
}

/** A tree on a file system of 4 MiB. */
export async function openSmallWorld(): Promise<TreeWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'stele-small-'));
  await run('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder]);
  return {
    tree: new LocalFileTree(folder),
    link: (path, target) => symlink(target, join(folder, path)),
    close: async () => {
      await run('umount', [folder]);
      await rm(folder, { recursive: true });
    },
  };
}

/** Why there can be no small file system here; `undefined` where there can. */
export async function noSmallWorld(): Promise<string | undefined> {
  try {
    await (await openSmallWorld()).close();
    return undefined;
  } catch (error) {
    return `mounting needs root: ${(error as Error).message}`;
  }
}
