import { describeFileTree } from '../files/index.ts';
import { watchLeftovers } from '../leftovers.ts';
import type { Runner } from '../runner.ts';
import { describeDial } from './dial.ts';
import { describeEnsureFolder } from './ensure-folder.ts';
import { describeExec } from './exec.ts';
import { describeExecEnds } from './exec-ends.ts';
import { describeOpening } from './opening.ts';
import { describeRealPath } from './real-path.ts';
import { describeSpawn } from './spawn.ts';
import type { AccessMethodSubject } from './subject.ts';

export type { AccessMethodSubject } from './subject.ts';

/**
 * Tests what every `AccessMethod` promises.
 * @example
 * describeAccessMethod({ describe, it, before, after }, {
 *   method: new SshAccess(keys),
 *   target: { resource: randomUUID(), auth: 'platform-keys', conf: { host: '127.0.0.1', port } },
 *   folder, listen, trees,
 * });
 */
export function describeAccessMethod(runner: Runner, subject: AccessMethodSubject): void {
  runner.describe(`access method “${subject.method.title}”`, () => {
    watchLeftovers(runner, () => subject.count?.() ?? {});
    describeOpening(runner, subject);
    describeExec(runner, subject);
    describeExecEnds(runner, subject);
    describeSpawn(runner, subject);
    describeDial(runner, subject);
    describeEnsureFolder(runner, subject);
    describeRealPath(runner, subject);
    describeFileTree(runner, subject.trees);
  });
}
