import type { FileTreeSubject, TreeWorld } from '../files/index.ts';
import { MemoryDisk, type MemoryFile, newFolder } from './memory-disk.ts';
import { MemoryTree, type TreeFault } from './memory-tree.ts';

/** Trees in memory with these faults. */
export function memoryTrees(...faults: readonly TreeFault[]): FileTreeSubject {
  return {
    open: () => Promise.resolve(memoryWorld(new MemoryDisk(), faults)),
    openSmall: () => Promise.resolve(memoryWorld(new MemoryDisk(4 * 1024 * 1024), faults)),
  };
}

function memoryWorld(disk: MemoryDisk, faults: readonly TreeFault[]): TreeWorld {
  const root = newFolder();
  const outside = newFolder();
  disk.root.children.set('root', root).set('outside', outside);
  const secret: MemoryFile = { kind: 'file', bytes: Buffer.from('the secret'), modifiedAt: '', mode: 0o644 };
  outside.children.set('secret', secret);
  return {
    tree: new MemoryTree(disk, ['root'], faults),
    link: async (path, target) => {
      const { folder, name } = disk.walk(['root', ...path.split('/')], false, () => true);
      folder.children.set(name, { kind: 'link', target, modifiedAt: new Date().toISOString() });
    },
    outside: {
      path: '/outside',
      state: async () => `${[...outside.children.keys()].join()}: ${secret.bytes.toString()}`,
    },
    close: () => Promise.resolve(),
  };
}
