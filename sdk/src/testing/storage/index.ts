import { describeFileTree } from '../files/index.ts';
import { watchLeftovers } from '../leftovers.ts';
import type { Runner } from '../runner.ts';
import { describeBind } from './bind.ts';
import { describeOpen } from './open.ts';
import { describeReadOnly } from './read-only.ts';
import type { StorageBackendSubject } from './subject.ts';

export type { StorageBackendSubject } from './subject.ts';

/** Tests what every `StorageBackend` promises. */
export function describeStorageBackend(runner: Runner, subject: StorageBackendSubject): void {
  runner.describe(`storage backend “${subject.backend.title}”`, () => {
    watchLeftovers(runner, () => subject.count?.() ?? {});
    describeOpen(runner, subject);
    describeReadOnly(runner, subject);
    describeBind(runner, subject);
    describeFileTree(runner, subject.trees);
  });
}
