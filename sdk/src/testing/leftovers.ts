import assert from 'node:assert/strict';
import type { Runner } from './runner.ts';

/** What may outlive a call: by name, how many there are. */
export type Census = Readonly<Record<string, number>>;

/** Kinds of things that keep a process alive and that no implementation may leave behind. */
const watched = /^(?:ProcessWrap|TCPSocketWrap|TCPServerWrap|PipeWrap|PipeServerWrap|UDPWrap)$/;

/** Open sockets and children of this process, by kind. */
export function activeResources(): Census {
  const census: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (watched.test(kind)) census[kind] = (census[kind] ?? 0) + 1;
  }
  return census;
}

/**
 * Checks after the tests of the current group that nothing is left which was not there before. Call it first in the
 * group.
 * @param count more to count: processes, temporary files, containers
 */
export function watchLeftovers(runner: Runner, count: () => Census | Promise<Census> = () => ({})): void {
  const census = async () => ({ ...activeResources(), ...(await count()) });
  let before: Census = {};
  runner.before(async () => {
    before = await census();
  });
  runner.after(async () => {
    let left = grown(before, await census());
    for (let attempt = 0; left.length > 0 && attempt < 100; attempt += 1) {
      await new Promise((resolve) => setTimeout(resolve, 30));
      left = grown(before, await census());
    }
    assert.deepEqual(left, [], 'everything that was opened must be closed');
  });
}

function grown(before: Census, now: Census): readonly string[] {
  return Object.entries(now)
    .filter(([kind, count]) => count > (before[kind] ?? 0))
    .map(([kind, count]) => `${kind}: ${count - (before[kind] ?? 0)} more`);
}
