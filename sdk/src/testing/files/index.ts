import type { Runner } from '../runner.ts';
import { describeFolders } from './folders.ts';
import { describeLinks } from './links.ts';
import { describeListing } from './listing.ts';
import { describePaths } from './paths.ts';
import { describeReading } from './reading.ts';
import { describeRoom } from './room.ts';
import type { FileTreeSubject } from './subject.ts';
import { describeWriting } from './writing.ts';

export type { FileTreeSubject, Outside, TreeWorld } from './subject.ts';

/**
 * Tests what every `FileTree` promises. The kits of access methods and storage backends include it; call it by itself for
 * a tree of another origin.
 */
export function describeFileTree(runner: Runner, subject: FileTreeSubject): void {
  runner.describe('file tree', () => {
    describePaths(runner, subject);
    describeReading(runner, subject);
    describeWriting(runner, subject);
    describeListing(runner, subject);
    describeFolders(runner, subject);
    describeLinks(runner, subject);
    describeRoom(runner, subject);
  });
}
