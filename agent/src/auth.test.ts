import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { script, shells, TaskFolder } from './testing/run.ts';

const auth = '{"auths":{"r.example":{"auth":"Y2FuYXJ5"}}}';
/** Tells who may read what is there, and what it is. */
const look = 'stat -c %a "$1" "$1/config.json"; cat "$1/config.json"; echo; ls "$2"';

for (const shell of shells) {
  describe(`the agent in ${shell.join(' ')}: credentials for a registry`, function () {
    this.timeout(60_000);

    it('lie on the node for this account alone, and in the shared folder no more', async () => {
      await using task = await TaskFolder.make({ command: [], auth });
      await task.fill({ command: script(look, '@STELE_AUTH@', task.path), auth });
      assert.equal(await task.start(shell).ended, 0, task.describe());
      const [folder, file, text, ...entries] = task.log().toString().split('\n');
      assert.deepEqual([folder, file, text], ['700', '600', auth]);
      assert(entries.includes('command') && !entries.includes('auth'), entries.join(' '));
    });

    it('are gone with the task, whoever was to remove them', async () => {
      for (const command of [script('exit 3'), []]) {
        await using task = await TaskFolder.make({ command, auth });
        await task.start(shell).ended;
        assert(!existsSync(join(task.path, 'auth')));
        assert.deepEqual(await readdir(task.node), []);
      }
    });

    it('are nowhere where there are none', async () => {
      await using task = await TaskFolder.make({ command: script('test ! -e "$1"', '@STELE_AUTH@') });
      assert.equal(await task.start(shell).ended, 0, task.describe());
    });
  });
}
