import assert from 'node:assert/strict';
import { rejectsWith, settlesWithin } from '../expect.ts';
import type { Runner } from '../runner.ts';
import type { Bench } from './subject.ts';

export function describeLogs({ describe, it }: Runner, bench: () => Bench): void {
  describe('logs', () => {
    it('are there after the end, whole or cut to their last lines', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.print(['a', 'b', 'c'], 0)));
      await bench().until(task, 'ended');
      assert.equal(await bench().log(task), 'a\nb\nc\n');
      assert.equal(await bench().log(task, { tail: 2 }), 'b\nc\n');
    });

    it('follow until the end', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.greet()));
      await bench().printed(task, 'up');
      const following = bench().log(task, { follow: true });
      await bench().cancel(task);
      assert.match(await settlesWithin(bench().patience / 2, 'following a log', following), /^up\n/);
    });

    it('end at once unless they follow', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.greet()));
      await bench().printed(task, 'up');
      assert.match(await settlesWithin(bench().patience / 2, 'reading a log', bench().log(task)), /^up\n/);
    });

    it('are gone when the task was cleaned up', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.print(['x'], 0)));
      await bench().until(task, 'ended');
      await bench().clean(task);
      await rejectsWith('NOT_FOUND', bench().log(task));
      const { ref: _, ...lost } = task;
      await rejectsWith('NOT_FOUND', bench().log(lost));
    });
  });
}
