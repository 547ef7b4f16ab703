import assert from 'node:assert/strict';
import type { Reach } from '../../address.ts';
import type { TaskHandle } from '../../computing.ts';
import { eventually, rejectsWith } from '../expect.ts';
import type { Runner } from '../runner.ts';
import type { Bench } from './subject.ts';

export function describeReaching({ describe, it }: Runner, bench: () => Bench): void {
  const reach = (task: TaskHandle): Promise<Reach> => {
    const { driver, resource } = bench().world;
    return driver.reach(resource, task, bench().call());
  };

  describe('reaching', () => {
    it('leads to the task’s interface, again and again', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.greet()));
      await bench().until(task, 'running');
      const way = await reach(task);
      for (let times = 0; times < 3; times += 1) {
        const isUp = async () => (await greeting(way, bench().call().signal)).startsWith('hello');
        await eventually('the interface answers', isUp, bench().patience);
      }
    });

    it('leads each task to its own', async () => {
      const tasks = await Promise.all(
        [1, 2].map(() => bench().submit(bench().launch(bench().world.behaviours.greet()))),
      );
      const ways = await Promise.all(
        tasks.map(async (task) => {
          await bench().until(task, 'running');
          return JSON.stringify((await reach(task)).address);
        }),
      );
      assert.notEqual(ways[0], ways[1]);
    });

    it('says that a task isn’t running', async () => {
      const task = await bench().submit(bench().launch(bench().world.behaviours.print([], 0)));
      await bench().until(task, 'ended');
      await rejectsWith('CONFLICT', reach(task));
    });
  });
}

async function greeting({ address, via }: Reach, signal: AbortSignal): Promise<string> {
  try {
    const stream = await via.dial(address, signal);
    for await (const chunk of stream) return String(chunk);
    return '';
  } catch (error) {
    // Nothing listens yet.
    return error instanceof Error ? '' : String(error);
  }
}
