import assert from 'node:assert/strict';
import { connect, createServer, type Server } from 'node:net';
import { readdirSync } from 'node:fs';
import { script, shells, skip, TaskFolder } from './testing/run.ts';

const serve = [process.execPath, '-e', 'require("net").createServer().listen(process.argv[2], process.argv[1])'];

for (const shell of shells) {
  describe(`the agent in ${shell.join(' ')}: the port`, function () {
    this.timeout(120_000);

    it('is another for each of 20 agents that begin at once', async () => {
      const tasks = await Promise.all(
        Array.from({ length: 20 }, () =>
          TaskFolder.make({
            command: script('echo up; sleep 60'),
            settings: { port: 'pick', port_range: '21000-21099' },
          }),
        ),
      );
      const agents = tasks.map((task) => task.start(shell));
      for (const task of tasks) await task.until('it runs', () => task.log().length > 0, 60);
      const ports = tasks.map((task) => Number(task.status()['port']));
      assert.equal(new Set(ports).size, 20, ports.join(' '));
      for (const port of ports) assert(port >= 21_000 && port <= 21_097 && (port - 21_000) % 3 === 0, String(port));
      for (const agent of agents) agent.kill('SIGTERM');
      await Promise.all(agents.map((agent) => agent.ended));
      for (const task of tasks) await task[Symbol.asyncDispose]();
      assert.deepEqual(locks(21_000, 21_099), [], 'no lock is left');
    });

    it('is none that somebody uses, nor are the two after it', async () => {
      const servers = await Promise.all([21_102, 21_103].map((port) => listen(port)));
      await using task = await TaskFolder.make({
        command: ['true'],
        settings: { port: 'pick', port_range: '21100-21109' },
      });
      await task.start(shell).ended;
      assert.equal(task.status()['port'], '21106');
      for (const server of servers) server.close();
    });

    it('is all that its lock tells neighbours', async () => {
      await using task = await TaskFolder.make({
        command: script('stat -c %a "$1"', '/tmp/.stele-port-@STELE_PORT@'),
        settings: { port: 'pick', port_range: '21120-21122' },
      });
      assert.equal(await task.start(shell).ended, 0, task.describe());
      assert.equal(task.log().toString(), '700\n');
    });

    it('is told to be missing where all are used', async () => {
      const server = await listen(21_112);
      await using task = await TaskFolder.make({
        command: ['true'],
        settings: { port: 'pick', port_range: '21110-21112' },
      });
      assert.equal(await task.start(shell).ended, 125);
      assert.match(task.status()['reason'] ?? '', /No free port/);
      server.close();
    });

    it('is another when somebody was faster', async () => {
      // The container finds its first port taken, as by a process that came between the agent's look and its own.
      await using task = await TaskFolder.make({
        command: script(
          '[ -e "$1" ] || { echo $2 >"$1"; timeout 20 busybox nc -l -p $2 >/dev/null 2>&1 & sleep 1; exit 98; }; echo "$2"',
          '@STELE_SCRATCH@/first',
          '@STELE_PORT@',
        ),
        settings: { port: 'pick' },
      });
      assert.equal(await task.start(shell).ended, 0, task.describe());
      assert.match(task.agentLog(), /port \d+ was taken/);
      assert.equal(task.log().toString(), `${task.status()['port']}\n`);
    });

    it('is not taken by the last connections of a container that failed', async () => {
      const once = `require('net').createServer((c) => c.end('x', () => setTimeout(process.exit, 200, 7))).listen(+process.argv[1], '127.0.0.1', () => console.log('up'))`;
      await using task = await TaskFolder.make({
        command: [process.execPath, '-e', once, '@STELE_PORT@'],
        settings: { port: 'pick' },
      });
      const agent = task.start(shell);
      await task.running();
      // The container closes first: its side of the connection stays for a minute.
      const client = connect(Number(task.status()['port']), '127.0.0.1').resume();
      client.once('end', () => client.end());
      assert.equal(await agent.ended, 7, task.describe());
      assert.equal(task.log().toString(), 'up\n');
    });

    it('is watched: what listens there, and for whom', async () => {
      for (const [host, place] of [
        ['127.0.0.1', 'loopback'],
        ['0.0.0.0', 'any'],
      ] as const) {
        await using task = await TaskFolder.make({
          command: [...serve, host, '@STELE_PORT@'],
          settings: { port: 'pick', heartbeat: 1 },
        });
        const agent = task.start(shell);
        await task.until('it listens', () => Boolean(task.status()['listening']));
        assert.equal(task.status()['listening'], `${task.status()['port']}@${place}`);
        agent.kill('SIGTERM');
        await agent.ended;
      }
    });

    it('is a stranger’s to whom nobody is led', async function () {
      if (process.getuid?.() !== 0) return skip(this, 'only root can run a program as another account');
      // Another account gets hold of the port; the container doesn't mind and stays.
      const steal =
        '[ -e "$1" ] && { echo "$2"; exit 0; }; touch "$1"; timeout 20 setpriv --reuid 65534 --clear-groups busybox nc -l -p "$2" >/dev/null 2>&1 & echo up; sleep 60';
      await using task = await TaskFolder.make({
        command: script(steal, '@STELE_SCRATCH@/first', '@STELE_PORT@'),
        settings: { port: 'pick', heartbeat: 1, grace: 1 },
      });
      assert.equal(await task.start(shell).ended, 0, task.describe());
      assert.match(task.agentLog(), /port \d+ was taken/);
    });
  });
}

function locks(low: number, high: number): string[] {
  const ports = readdirSync('/tmp').map((name) => Number(/^\.stele-port-(\d+)$/.exec(name)?.[1] ?? 0));
  return ports.filter((port) => port >= low && port <= high).map(String);
}

function listen(port: number): Promise<Server> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}
