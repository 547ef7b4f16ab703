import { execFile } from 'node:child_process';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, statfs, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { FileTree } from '@stele/sdk';
import type { FileTreeSubject, TreeWorld } from '@stele/sdk/testing';
import type { Site } from './site.ts';

const run = promisify(execFile);
/** Bytes that the tree of the tests of a full disk has. */
const room = 8 * 1024 ** 2;

/** A tree, and how it is closed. */
export interface OpenTree {
  readonly tree: FileTree;
  close(): PromiseLike<void>;
}

/**
 * Trees in bob's home on a site, for the kit of file trees: each is made, and looked at, from this side.
 * @param openTree opens what is tested, at an absolute path on the site
 */
export function siteTrees(
  site: () => Site,
  prefix: string,
  openTree: (root: string) => Promise<OpenTree>,
): Required<Pick<FileTreeSubject, 'open' | 'openSmall'>> {
  const open = async (): Promise<TreeWorld> => {
    const home = site().home('bob');
    const { uid, gid } = await stat(home);
    const folder = await mkdtemp(join(home, `${prefix}-`));
    const [root, outside] = [join(folder, 'root'), join(folder, 'outside')];
    for (const path of [root, outside]) await mkdir(path);
    await writeFile(join(outside, 'secret'), 'the secret');
    for (const path of [folder, root, outside, join(outside, 'secret')]) await chown(path, uid, gid);
    const there = `/home/bob/${basename(folder)}`;
    const { tree, close } = await openTree(`${there}/root`);
    return {
      tree,
      link: (path, target) => symlink(target, join(root, path)),
      outside: {
        path: `${there}/outside`,
        state: async () => `${(await readdir(outside)).join()}: ${await readFile(join(outside, 'secret'), 'utf8')}`,
      },
      close: async () => {
        await close();
        await rm(folder, { recursive: true });
      },
    };
  };
  const openSmall = async (): Promise<TreeWorld> => {
    const world = await open();
    const home = site().home('bob');
    const { bavail, bsize } = await statfs(home);
    const filler = join(home, '.filled');
    await run('fallocate', ['--length', String(bavail * bsize - room), filler]);
    return {
      ...world,
      close: async () => {
        await rm(filler);
        await world.close();
      },
    };
  };
  return { open, openSmall };
}
