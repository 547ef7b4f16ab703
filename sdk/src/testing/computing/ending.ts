import assert from 'node:assert/strict';
import type { TaskHandle } from '../../computing.ts';
import { testUser } from '../call.ts';
import type { Runner } from '../runner.ts';
import { type Bench, randomKey } from './subject.ts';

export function describeEnding({ describe, it }: Runner, bench: () => Bench): void {
  describe('ending', () => {
    it('comes to a task that is cancelled', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.greet()));
      await bench().until(task, 'running');
      await bench().cancel(task);
      await bench().until(task, 'ended');
    });

    it('comes to a task that doesn’t listen', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.ignore()));
      await bench().printed(task, 'up');
      await bench().cancel(task);
      assert.notEqual((await bench().until(task, 'ended')).outcome, 'completed');
    });

    it('may be asked for again, at once and after the end', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.greet()));
      await bench().until(task, 'running');
      await Promise.all([bench().cancel(task), bench().cancel(task)]);
      const { exitCode } = await bench().until(task, 'ended');
      await bench().cancel(task);
      assert.equal((await bench().until(task, 'ended')).exitCode, exitCode);
    });

    it('keeps how a task ended when it is cancelled too late', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.print(['x'], 3)));
      await bench().until(task, 'ended');
      await bench().cancel(task);
      const { outcome, exitCode } = await bench().until(task, 'ended');
      assert.deepEqual([outcome, exitCode], ['failed', 3]);
    });

    it('may be asked for where nothing is, with a reference or without', async () => {
      const { ref } = await bench().submit(bench().launch(bench().world.behaviours.print([], 0)));
      const gone: TaskHandle = { key: randomKey(), who: testUser };
      await bench().cancel(gone);
      await bench().clean(gone);
      assert(ref !== undefined);
    });

    it('comes to a task whose reference was lost', async () => {
      const { ref, ...lost } = await bench().submit(bench().launch(bench().world.behaviours.greet()));
      await bench().until(lost, 'running');
      await bench().cancel(lost);
      assert.equal((await bench().until(lost, 'ended')).ref, ref);
    });

    it('leaves nothing after cleaning up, which may be done again', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.print(['x'], 0)));
      await bench().until(task, 'ended');
      await Promise.all([bench().clean(task), bench().clean(task)]);
      await bench().clean(task);
      await bench().cancel(task);
      assert.equal((await bench().see(task)).phase, 'absent');
    });
  });
}
