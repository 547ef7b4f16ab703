import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { script, shells, TaskFolder } from './testing/run.ts';

for (const shell of shells) {
  describe(`the agent in ${shell.join(' ')}: the log`, function () {
    this.timeout(60_000);

    it('is both outputs, whole and in order', async () => {
      await using task = await TaskFolder.make({ command: script('seq 20000; echo oh >&2; printf end') });
      await task.start(shell).ended;
      const numbers = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join('');
      assert.equal(task.log().toString(), `${numbers}oh\nend`);
    });

    it('comes while the container runs', async () => {
      await using task = await TaskFolder.make({ command: script('echo one; sleep 60') });
      task.start(shell);
      await task.until('it is there', () => task.log().toString() === 'one\n', 10);
    });

    it('loses its beginning when it gets too long', async () => {
      await using task = await TaskFolder.make({
        command: script('seq 300000; echo end'),
        settings: { log_limit: 100_000 },
      });
      await task.start(shell).ended;
      const lines = task.log().toString().split('\n');
      assert(task.log().length <= 100_000 + 65_536, String(task.log().length));
      assert.equal(lines[0], '[the beginning is cut away]');
      assert.deepEqual(lines.slice(-3), ['300000', 'end', '']);
      const numbers = lines.slice(1, -2).map(Number);
      numbers.forEach((number, index) => assert.equal(number, (numbers[0] as number) + index, 'no gap, no half line'));
    });

    it('never grows beyond its bound, whatever is poured into it', async () => {
      await using task = await TaskFolder.make({ command: script('yes'), settings: { log_limit: 200_000 } });
      const agent = task.start(shell);
      await task.running();
      let most = 0;
      const until = performance.now() + 3_000;
      await task.until('time has passed', () => {
        most = Math.max(most, statSync(join(task.path, 'log')).size);
        return performance.now() > until;
      });
      assert(most <= 200_000 + 65_536, String(most));
      agent.kill('SIGTERM');
      assert.equal(await agent.ended, 143);
    });

    it('doesn’t keep a task that left something behind', async () => {
      await using task = await TaskFolder.make({ command: script('setsid sleep 30 & echo done') });
      const from = performance.now();
      assert.equal(await task.start(shell).ended, 0);
      assert(performance.now() - from < 25_000);
      assert.equal(task.log().toString(), 'done\n');
    });
  });
}
