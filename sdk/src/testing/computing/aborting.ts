import assert from 'node:assert/strict';
import { abortedSignal } from '../call.ts';
import { settlesWithin } from '../expect.ts';
import type { Runner } from '../runner.ts';
import type { Bench } from './subject.ts';

const soon = 5_000;

export function describeAborting({ describe, it }: Runner, bench: () => Bench): void {
  describe('a caller who has left', () => {
    it('is told nothing', async () => {
      const { driver, resource } = bench().world;
      const call = bench().call({ signal: abortedSignal() });
      const nobody = bench().lost()[0] ?? { key: 'abcdefghijklmnop', who: call.who };
      await fails('describe', driver.describe(resource, call));
      await fails('observe', driver.observe(resource, [nobody], call));
    });

    it('submits nothing', async () => {
      const { driver, resource, behaviours } = bench().world;
      const launch = bench().launch(behaviours.greet());
      const call = bench().call({ signal: abortedSignal() });
      await fails(
        'submit',
        driver.submit(resource, launch, () => undefined, call),
      );
      assert.equal((await bench().see({ key: launch.key, who: call.who })).phase, 'absent');
    });

    it('stops following', async () => {
      const { driver, resource, behaviours } = bench().world;
      const task = await bench().submit(bench().launch(behaviours.greet()));
      await bench().printed(task, 'up');
      const leaving = new AbortController();
      const log = driver.logs(resource, task, { follow: true }, bench().call({ signal: leaving.signal }));
      await settlesWithin(
        soon,
        'following a log',
        read(log, () => leaving.abort()),
      );
      assert.equal((await bench().see(task)).phase, 'running');
    });
  });
}

const undone = Symbol('succeeded');

async function fails(what: string, work: Promise<unknown>): Promise<void> {
  const outcome = await settlesWithin(
    soon,
    what,
    work.then(
      () => undone,
      (reason: unknown) => reason,
    ),
  );
  assert(outcome !== undone, `${what} must fail when its caller has left`);
}

async function read(log: AsyncIterable<Uint8Array>, seen: () => void): Promise<void> {
  try {
    for await (const _ of log) seen();
  } catch (error) {
    // To end quietly and to fail are both right.
    assert(error instanceof Error);
  }
}
