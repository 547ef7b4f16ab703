import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Run as a program: swaps the folder `swap` in a root for a link to a folder outside, and back, as fast as it can, for
 * ten seconds at most. Whatever the parent removes meanwhile is made again.
 */
const [root = '', outside = ''] = process.argv.slice(2);
const swap = join(root, 'swap');
const aside = join(root, 'aside');
const deadline = performance.now() + 10_000;

process.stdout.write('swapping\n');
while (performance.now() < deadline) {
  try {
    renameSync(swap, aside);
    symlinkSync(outside, swap);
    unlinkSync(swap);
    renameSync(aside, swap);
  } catch {
    // The parent has removed or moved something: begin again.
    restore();
  }
}

function restore(): void {
  for (const path of [swap, aside]) {
    try {
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Filled by the parent while it was being removed: the next round tries again.
      return;
    }
  }
  try {
    mkdirSync(swap);
    writeFileSync(join(swap, 'secret'), 'inside');
  } catch {
    return;
  }
}
