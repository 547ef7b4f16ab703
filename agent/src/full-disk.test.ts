import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { script, shells, skip, TaskFolder } from './testing/run.ts';

const run = promisify(execFile);

for (const shell of shells) {
  describe(`the agent in ${shell.join(' ')}: a full disk`, function () {
    this.timeout(120_000);
    let home = '';

    beforeEach(async function () {
      if (process.getuid?.() !== 0) return skip(this, 'only root can mount a small disk');
      home = await mkdtemp(join(tmpdir(), 'stele-full-'));
      await run('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'stele-full', home]);
    });

    afterEach(async () => {
      if (home === '') return;
      await run('umount', ['-l', home]);
      await rm(home, { recursive: true });
      home = '';
    });

    it('in the home doesn’t end the task, which hears of its end', async () => {
      const node = await mkdtemp(join(tmpdir(), 'stele-node-'));
      const task = await TaskFolder.make(
        {
          command: script('echo up; while [ ! -e "$1" ]; do seq 1000; sleep 0.1; done; exit 3', join(node, 'go')),
          settings: { heartbeat: 1 },
        },
        home,
      );
      const agent = task.start(shell, { TMPDIR: node });
      await task.running();
      await assert.rejects(writeFile(join(home, 'filler'), Buffer.alloc(1 << 20)), { code: 'ENOSPC' });
      const before = task.status();
      await task.until(
        'beats pass',
        () =>
          Number(task.status()['heartbeat']) > Number(before['heartbeat']) ||
          Date.now() / 1000 - Number(before['heartbeat']) > 4,
      );
      assert.equal(task.status()['phase'], 'running', 'what was written whole stays whole');
      await writeFile(join(node, 'go'), '');
      assert.equal(await agent.ended, 3, 'it ran to its own end');
      assert.deepEqual([task.status()['phase'], task.status()['exit']], ['ended', '3'], task.describe());
      await rm(node, { recursive: true });
    });

    it('in the home costs the log rather than the record', async () => {
      const node = await mkdtemp(join(tmpdir(), 'stele-node-'));
      const task = await TaskFolder.make(
        { command: script('seq 10000; while [ ! -e "$1" ]; do sleep 0.1; done; exit 3', join(node, 'go')) },
        home,
      );
      const agent = task.start(shell, { TMPDIR: node });
      await task.until('it is all there', () => task.log().toString().endsWith('10000\n'));
      await task.until('it is told', () => task.status()['phase'] === 'running');
      await rm(join(task.path, 'spare'), { force: true });
      await assert.rejects(writeFile(join(home, 'filler'), Buffer.alloc(1 << 20)), { code: 'ENOSPC' });
      await writeFile(join(node, 'go'), '');
      assert.equal(await agent.ended, 3);
      assert.deepEqual([task.status()['phase'], task.status()['exit']], ['ended', '3'], task.describe());
      assert.match(task.log().toString(), /^\[the beginning is cut away\]\n\d+\n[^]*\n10000\n$/);
      await rm(node, { recursive: true });
    });

    it('on the node, filled by the container, hides no exit code', async () => {
      const fill = 'echo up; dd if=/dev/zero of="$1" bs=512 2>/dev/null; exit 3';
      await using task = await TaskFolder.make({
        command: script(fill, join(home, 'filler')),
        settings: { sandbox: home },
      });
      assert.equal(await task.start(shell).ended, 3);
      assert.equal(task.status()['exit'], '3', task.describe());
    });

    it('in the home is followed by the truth as soon as there is room', async () => {
      const node = await mkdtemp(join(tmpdir(), 'stele-node-'));
      const task = await TaskFolder.make(
        { command: script('echo up; trap "exit 0" TERM; while :; do sleep 0.1; done'), settings: { heartbeat: 1 } },
        home,
      );
      await assert.rejects(writeFile(join(home, 'filler'), Buffer.alloc(1 << 20)), { code: 'ENOSPC' });
      const agent = task.start(shell, { TMPDIR: node });
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      assert.equal(task.status()['phase'], undefined, 'a truthful absence');
      await rm(join(home, 'filler'));
      await task.until('it is said', () => task.status()['phase'] === 'running');
      agent.kill('SIGTERM');
      assert.equal(await agent.ended, 0);
      assert.equal(task.status()['exit'], '0');
      await rm(node, { recursive: true });
    });
  });
}
