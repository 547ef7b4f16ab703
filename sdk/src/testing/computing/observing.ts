import assert from 'node:assert/strict';
import type { TaskHandle } from '../../computing.ts';
import { testUser } from '../call.ts';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { type Bench, randomKey } from './subject.ts';

export function describeObserving({ describe, it }: Runner, bench: () => Bench): void {
  describe('observing', () => {
    it('answers for each task in one batch', async () => {
      const { driver, resource, behaviours } = bench().world;
      const lives = await bench().submit(bench().launch(behaviours.greet()));
      const ends = await bench().submit(bench().launch(behaviours.print(['x'], 0)));
      const nobody: TaskHandle = { key: randomKey(), who: testUser };
      await bench().until(lives, 'running');
      await bench().until(ends, 'ended');
      const seen = await driver.observe(resource, [nobody, lives, ends], bench().call());
      assert.deepEqual(
        [nobody, lives, ends].map(({ key }) => seen.get(key)?.phase),
        ['absent', 'running', 'ended'],
      );
      assert.equal(seen.size, 3);
    });

    it('answers for no task with nothing', async () => {
      const { driver, resource } = bench().world;
      assert.equal((await driver.observe(resource, [], bench().call())).size, 0);
    });

    it('finds a task whose reference was lost, and gives it back', async () => {
      const { ref, ...lost } = await bench().submit(bench().launch(bench().world.behaviours.greet()));
      const seen = await bench().until(lost, 'running');
      assert.equal(seen.ref, ref);
    });

    it('does not take a task that isn’t there for one that ended', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.print([], 0)));
      await bench().until(task, 'ended');
      await bench().clean(task);
      assert.equal((await bench().see(task)).phase, 'absent');
    });

    it('tells when a task began and ended', async () => {
      const from = Date.now() - 2_000;
      const task = await bench().submit(bench().launch(bench().world.behaviours.print(['x'], 3)));
      const { startedAt = '', endedAt = '', outcome, exitCode } = await bench().until(task, 'ended');
      assert.match(startedAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
      assert(Date.parse(startedAt) >= from && Date.parse(endedAt) >= Date.parse(startedAt), `${startedAt} ${endedAt}`);
      assert.deepEqual([outcome, exitCode], ['failed', 3]);
    });

    it('refuses references that aren’t its own', async () => {
      const { driver, resource } = bench().world;
      for (const ref of ['', '--all', '../../etc', 'a b', 'x\ny']) {
        const task: TaskHandle = { key: randomKey(), ref, who: testUser };
        await rejectsWith('INVALID', driver.cancel(resource, task, bench().call()));
        await rejectsWith('INVALID', driver.clean(resource, task, bench().call()));
      }
    });

    it('does not let one wrong reference hide the other tasks', async () => {
      const { driver, resource, behaviours } = bench().world;
      const task = await bench().submit(bench().launch(behaviours.print(['x'], 0)));
      const wrong: TaskHandle = { key: randomKey(), ref: '--all', who: testUser };
      await bench().until(task, 'ended');
      const seen = await driver.observe(resource, [wrong, task], bench().call());
      assert.equal(seen.get(task.key)?.phase, 'ended');
      assert.equal(seen.get(wrong.key)?.phase, 'unknown');
    });
  });
}
