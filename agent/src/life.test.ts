import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { script, shells, signal, TaskFolder } from './testing/run.ts';

const stay = 'echo up; while :; do sleep 0.1; done';
const obedient = `trap 'echo asked; exit 5' TERM; ${stay}`;
const deaf = `trap '' TERM; ${stay}`;

for (const shell of shells) {
  describe(`the agent in ${shell.join(' ')}: a task’s life`, function () {
    this.timeout(60_000);

    it('is told from beginning to end', async () => {
      await using task = await TaskFolder.make({
        command: script(`${stay} & sleep 2; kill $!; exit 7`),
        settings: { heartbeat: 1 },
      });
      const from = Math.floor(Date.now() / 1000);
      const agent = task.start(shell);
      await task.until('it is running', () => task.status()['phase'] === 'running');
      const { node, started, heartbeat, version } = task.status();
      assert.deepEqual([version, node], ['1', hostname()]);
      assert(Number(started) >= from && Number(started) <= from + 20, started);
      await task.until('its heart beats', () => Number(task.status()['heartbeat']) > Number(heartbeat));
      assert.equal(await agent.ended, 7, 'the agent ends as the container did');
      const end = task.status();
      assert.deepEqual([end['phase'], end['exit'], end['signal'], end['reason']], ['ended', '7', undefined, undefined]);
      assert(Number(end['ended']) >= Number(started));
    });

    it('says where the node is', async () => {
      await using task = await TaskFolder.make({ command: ['true'] });
      await task.start(shell).ended;
      const { address = '' } = task.status();
      assert.match(address, /^(|[0-9a-f.:]+)$/);
      assert.doesNotMatch(address, /^(127\.|::1)/);
    });

    it('happens in a sandbox of its own, which is gone in the end', async () => {
      await using task = await TaskFolder.make({
        command: script(
          'mkdir -p "$1/a/b"; chmod 0 "$1/a"; stat -c %a "$1" "$2" "$1/.."; test -w "$2"',
          '@STELE_HOME@',
          '@STELE_SCRATCH@',
        ),
      });
      assert.equal(await task.start(shell).ended, 0, task.describe());
      assert.equal(task.log().toString(), '700\n700\n700\n');
      assert.deepEqual(readdirSync(task.node), []);
      for (const name of ['status', 'log', 'agent.log', 'run']) {
        assert.equal(statSync(join(task.path, name)).mode & 0o077, 0, `${name} is nobody else’s`);
      }
      assert.deepEqual(readdirSync(task.path).sort(), [
        'agent.log',
        'command',
        'env',
        'log',
        'run',
        'settings',
        'status',
        'stdin',
      ]);
    });

    for (const name of ['SIGTERM', 'SIGINT', 'SIGXCPU'] as NodeJS.Signals[]) {
      it(`ends when ${name} asks for it`, async () => {
        await using task = await TaskFolder.make({ command: script(obedient) });
        const agent = task.start(shell);
        await task.running();
        agent.kill(name);
        // Bash forgets an INT that comes while it waits for a small program: whoever sends one sends another.
        const again = name === 'SIGINT' ? setInterval(() => agent.kill(name), 2_000) : undefined;
        assert.equal(await agent.ended, 5);
        clearInterval(again);
        assert.equal(task.log().toString(), 'up\nasked\n');
        assert.match(task.status()['reason'] ?? '', new RegExp(name.slice(3)));
      });
    }

    for (const name of ['SIGUSR1', 'SIGUSR2'] as NodeJS.Signals[]) {
      it(`goes on after ${name}, which the container is told`, async () => {
        await using task = await TaskFolder.make({ command: script(`trap 'echo told' ${name.slice(3)}; ${obedient}`) });
        const agent = task.start(shell);
        await task.running();
        agent.kill(name);
        await task.until('it is told', () => task.log().toString() === 'up\ntold\n');
        agent.kill('SIGTERM');
        assert.equal(await agent.ended, 5);
      });
    }

    it('is cut short after the grace time, with everything below it', async () => {
      await using task = await TaskFolder.make({
        command: script(`(${deaf}) & echo $!; ${deaf}`),
        settings: { grace: 1 },
      });
      const agent = task.start(shell);
      await task.running();
      const below = Number.parseInt(task.log().toString(), 10);
      agent.kill('SIGTERM');
      assert.equal(await agent.ended, 137);
      const { exit, signal: by, reason } = task.status();
      assert.deepEqual([exit, by], ['137', '9']);
      assert.match(reason ?? '', /killed after 1 s/);
      await task.until('what it started is gone', () => !existsSync(`/proc/${below}/fd/0`));
    });

    it('takes away what the container left, whatever became of it', async () => {
      const remove = ['sh', '-c', 'echo "removed $1" >>"$2/log"; exit 3', 'x', '@STELE_PORT@'];
      await using task = await TaskFolder.make({ command: script(deaf), settings: { grace: 1, port: 'pick' } });
      await task.fill({ command: script(deaf), settings: { grace: 1, port: 'pick' }, after: [...remove, task.path] });
      const agent = task.start(shell);
      await task.running();
      agent.kill('SIGTERM');
      assert.equal(await agent.ended, 137);
      assert.match(task.log().toString(), new RegExp(`\\nremoved ${task.status()['port']}\\n`));
      const again = task.start(shell);
      await task.until('what an earlier run left is gone', () => /\nremoved \n.*up\n$/s.test(task.log().toString()));
      again.kill('SIGKILL');
    });

    it('ends truly when the container is killed', async () => {
      await using task = await TaskFolder.make({ command: script(`echo $$; exec sleep 60`) });
      const agent = task.start(shell);
      await task.running();
      signal(Number.parseInt(task.log().toString(), 10), 'SIGKILL');
      assert.equal(await agent.ended, 137);
      const { phase, exit, signal: by } = task.status();
      assert.deepEqual([phase, exit, by], ['ended', '137', '9']);
    });

    it('leaves no word of an end when the agent itself is killed', async () => {
      await using task = await TaskFolder.make({ command: script(stay), settings: { heartbeat: 1 } });
      const agent = task.start(shell);
      await task.running();
      await task.until('it says so', () => task.status()['phase'] === 'running');
      signal(-agent.pid, 'SIGKILL');
      await agent.ended;
      const { phase, heartbeat } = task.status();
      assert.equal(phase, 'running');
      assert(Math.abs(Number(heartbeat) - Date.now() / 1000) < 30, 'the last word has its time');
      // The next agent on this node takes away what it left.
      assert.equal(readdirSync(task.node).length, 1);
      await task.fill({ command: ['true'] });
      await task.start(shell).ended;
      assert.deepEqual(readdirSync(task.node), []);
      assert.equal(task.status()['exit'], '0', 'and tells of the new run');
    });

    it('is told by who began last', async () => {
      await using task = await TaskFolder.make({ command: script(obedient), settings: { heartbeat: 1 } });
      const first = task.start(shell);
      await task.running();
      const second = task.start(shell);
      assert.equal(await first.ended, 5, 'the first is ended');
      await task.until('the second runs', () => task.status()['phase'] === 'running');
      assert.equal(task.status()['pid'], String(second.pid));
      second.kill('SIGTERM');
      await second.ended;
      assert.equal(task.status()['pid'], String(second.pid));
    });

    it('does not begin without a command, or without its program', async () => {
      await using task = await TaskFolder.make({ command: [] });
      assert.equal(await task.start(shell).ended, 125);
      assert.match(task.status()['reason'] ?? '', /no command/);
      await task.fill({ command: ['/no/such/program'] });
      assert.equal(await task.start(shell).ended, 127);
      assert.match(task.status()['reason'] ?? '', /could not be started/);
    });

    it('does not depend on the time zone', async () => {
      await using task = await TaskFolder.make({ command: ['true'] });
      await task.start(shell, { TZ: 'Pacific/Kiritimati' }).ended;
      assert(Math.abs(Number(task.status()['ended']) - Date.now() / 1000) < 30);
    });

    it('goes on when its folder goes', async () => {
      await using task = await TaskFolder.make({
        command: script(`echo up; sleep 2; touch "$1"`, join('/tmp', `stele-went-on-${process.pid}`)),
        settings: { heartbeat: 1 },
      });
      const witness = join('/tmp', `stele-went-on-${process.pid}`);
      task.start(shell);
      await task.running();
      await rm(task.path, { recursive: true, maxRetries: 10 }); // Into which it writes meanwhile.
      await task.until('it went on', () => existsSync(witness));
      await rm(witness);
      await writeFile(join(task.node, 'x'), '');
    });
  });
}
