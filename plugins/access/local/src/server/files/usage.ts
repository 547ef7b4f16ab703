import { type FileHandle, statfs } from 'node:fs/promises';
import type { FileUsage } from '@stele/sdk';
import { at } from './handle.ts';

/** Room on the file system that holds `folder`, as an unprivileged user sees it. */
export async function usageOf(folder: FileHandle): Promise<FileUsage | undefined> {
  const { bsize, blocks, bavail } = await statfs(at(folder));
  // Some virtual file systems have no size.
  return blocks === 0 ? undefined : { total: blocks * bsize, free: bavail * bsize };
}
