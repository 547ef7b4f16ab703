import type { FileTree } from '../../files.ts';

/** An empty tree, and what a test may do behind its back. */
export interface TreeWorld {
  /** What is tested. */
  readonly tree: FileTree;
  /** Makes a symbolic link. Absent where the system knows none. */
  readonly link?: (path: string, target: string) => Promise<void>;
  /** Something that lies outside of the tree. Absent where there is no such place. */
  readonly outside?: Outside;
  /** Ends the tree and removes everything. */
  close(): Promise<void>;
}

/** A folder that no call on the tree may reach, with one file in it: `secret`. */
export interface Outside {
  /** Its absolute path, as the target of a link names it. */
  readonly path: string;
  /** Names in it, and the file's text: equal before and after, or something reached it. */
  state(): Promise<string>;
}

/** Where the {@link describeFileTree} kit gets its trees. */
export interface FileTreeSubject {
  /** Makes an empty tree. Called for each test. */
  open(): Promise<TreeWorld>;
  /** A name that the system behind it can’t have, where there is one. */
  cannotName?(name: string): boolean;
  /** Whether files can be written from a place in them on. Default true. */
  readonly writesWithin?: boolean;
  /** Makes an empty tree with 1 to 16 MiB of room in all, for the tests of a full disk. Absent where that can't be had. */
  openSmall?(): Promise<TreeWorld>;
}

/** Opens a tree, uses it, and closes it. */
export async function withTree(
  open: () => Promise<TreeWorld>,
  use: (tree: FileTree, world: TreeWorld) => Promise<void>,
): Promise<void> {
  const world = await open();
  try {
    await use(world.tree, world);
  } finally {
    await world.close();
  }
}
