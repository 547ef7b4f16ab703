import type { FileTree } from '../../files.ts';
import { MemoryDisk } from '../reference/memory-disk.ts';
import { MemoryTree } from '../reference/memory-tree.ts';

/**
 * An empty file tree in memory that keeps the contract: for tests of what works with trees, whatever is behind them.
 * @param room bytes that fit into it. Default: all there are
 */
export function memoryTree(room?: number): FileTree {
  return new MemoryTree(new MemoryDisk(room), []);
}
