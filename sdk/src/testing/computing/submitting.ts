import assert from 'node:assert/strict';
import { hasCode, messageOf } from '../../errors.ts';
import { rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import type { Bench } from './subject.ts';

export function describeSubmitting({ describe, it }: Runner, bench: () => Bench): void {
  describe('submitting', () => {
    it('runs a task to its end', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.print(['done'], 0)));
      const end = await bench().until(task, 'ended');
      assert.equal(end.outcome, 'completed');
      assert.equal(end.exitCode, 0);
      assert.equal(await bench().log(task), 'done\n');
    });

    it('makes one task of a key, however often it is called', async () => {
      const launch = bench().launch(bench().world.behaviours.print(['once'], 0));
      const task = await bench().submit(launch);
      assert.equal((await bench().submit(launch)).ref, task.ref);
      await bench().until(task, 'ended');
      assert.equal((await bench().submit(launch)).ref, task.ref);
      assert.equal((await bench().see(task)).phase, 'ended');
      assert.equal(await bench().log(task), 'once\n');
    });

    it('makes one task of a key for callers who ask at once', async () => {
      const launch = bench().launch(bench().world.behaviours.print(['once'], 0));
      const tasks = await Promise.all([bench().submit(launch), bench().submit(launch), bench().submit(launch)]);
      const [task] = tasks;
      assert.equal(new Set(tasks.map(({ ref }) => ref)).size, 1);
      await bench().until(task, 'ended');
      assert.equal(await bench().log(task), 'once\n');
    });

    it('gives tasks of two keys apart', async () => {
      const launch = bench().world.behaviours.print(['x'], 0);
      const tasks = await Promise.all([bench().submit(bench().launch(launch)), bench().submit(bench().launch(launch))]);
      assert.notEqual(tasks[0]?.ref, tasks[1]?.ref);
    });

    it('says when the image can’t be had, and leaves nothing', async () => {
      const launch = bench().launch(bench().world.behaviours.missing());
      const submitting = bench().submit(launch);
      // Where it is fetched where the task runs, the task itself says it.
      const taken = await submitting.catch(() => undefined);
      if (taken !== undefined) return assert.equal((await bench().until(taken, 'ended')).outcome, 'failed');
      const error = await rejectsWith(['NOT_FOUND', 'UNREACHABLE', 'DENIED'], submitting);
      if (error.code === 'NOT_FOUND') assert.equal(error.field, 'image');
      assert.equal((await bench().see({ key: launch.key, who: bench().call().who })).phase, 'absent');
    });

    it('refuses a key that isn’t one', async () => {
      for (const key of ['', '--all', '../../../../etc', 'abc\ndef', 'ABCDEFGHIJKLMNOP']) {
        const launch = { ...bench().world.behaviours.print([], 0), key };
        const error = await bench()
          .submit(launch)
          .then(
            () => undefined,
            (reason: unknown) => reason,
          );
        assert(hasCode(error, 'INVALID'), `${JSON.stringify(key)} must be INVALID, was ${messageOf(error)}`);
      }
    });

    it('refuses variables that would become others', async () => {
      const { print } = bench().world.behaviours;
      const wrong: Record<string, string>[] = [{ 'A=B': 'c' }, { 'A\nB': 'c' }, { A: 'b\nPATH=/evil' }, { A: 'b\0c' }];
      for (const env of wrong) {
        const launch = bench().launch({ ...print([], 0), env });
        await rejectsWith('INVALID', bench().submit(launch));
        assert.equal((await bench().see({ key: launch.key, who: bench().call().who })).phase, 'absent');
      }
    });
  });
}
