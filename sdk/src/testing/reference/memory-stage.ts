import type { StageTree, TaskHandle, TaskStage } from '../../computing.ts';
import type { ComputingResource } from '../../resources.ts';
import { MemoryDriver } from '../computing/memory-driver.ts';
import { MemoryDisk } from './memory-disk.ts';
import { MemoryTree, type TreeFault } from './memory-tree.ts';

/** Folders of tasks in memory. */
export class MemoryStage implements TaskStage {
  readonly disks = new Map<string, MemoryDisk>();
  readonly faults: readonly TreeFault[] = [];

  isOffered(): boolean {
    return true;
  }

  async open(_resource: ComputingResource, { key }: TaskHandle): Promise<StageTree & AsyncDisposable> {
    const disk = this.disks.get(key) ?? new MemoryDisk();
    this.disks.set(key, disk);
    const tree = new MemoryTree(disk, [], this.faults);
    return Object.assign(tree, { [Symbol.asyncDispose]: () => Promise.resolve() });
  }

  async remove(_resource: ComputingResource, { key }: TaskHandle): Promise<void> {
    this.disks.delete(key);
  }
}

/** A driver that keeps them. */
export class KeepingDriver extends MemoryDriver {
  readonly stage = new MemoryStage();
}
