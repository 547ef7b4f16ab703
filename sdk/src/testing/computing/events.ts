import assert from 'node:assert/strict';
import type { TaskHandle } from '../../computing.ts';
import { testUser } from '../call.ts';
import { eventually } from '../expect.ts';
import type { Runner } from '../runner.ts';
import { type Bench, randomKey } from './subject.ts';

const form = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/;

export function describeEvents({ describe, it }: Runner, bench: () => Bench): void {
  describe('events, where it tells any', () => {
    it('are told the oldest first', async () => {
      if (bench().world.driver.events === undefined) return;
      const task = await bench().submit(bench().launch(bench().world.behaviours.print(['x'], 0)));
      await bench().until(task, 'ended');
      const { ref: _, ...lost } = task;
      for (const handle of [task, lost]) {
        await eventually('events are told', async () => (await bench().events(handle)).length > 0, bench().patience);
        const times = (await bench().events(handle)).map(({ at = '' }) => at).filter((at) => at !== '');
        assert(
          times.every((at) => form.test(at)),
          times.join(),
        );
        assert.deepEqual(times, times.toSorted());
      }
    });

    it('are a task’s own', async () => {
      if (bench().world.driver.events === undefined) return;
      const nobody: TaskHandle = { key: randomKey(), who: testUser };
      assert.deepEqual(await bench().events(nobody), []);
    });
  });
}
