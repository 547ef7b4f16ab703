import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { script, shells, TaskFolder } from './testing/run.ts';

/** Greets whoever connects to the socket in `$1`. */
const greeter = `exec perl -e 'use IO::Socket::UNIX; my $l = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 5) or die $!; $| = 1; print "up\\n"; while (my $c = $l->accept) { print $c "hello\\n"; close $c }' "$1"`;
const settings = { socket: 'yes' };

for (const shell of shells) {
  describe(`the agent in ${shell.join(' ')}: a socket`, function () {
    this.timeout(60_000);

    it('lies where its account alone gets to, is told in the record, and goes with the task', async () => {
      await using task = await TaskFolder.make({ command: script(greeter, '@STELE_SOCKETS@/interface'), settings });
      const agent = task.start(shell);
      await task.running();
      const { socket = '', port } = task.status();
      assert.match(socket, new RegExp(`^${task.node}/stele-\\w{10}/sockets/interface$`));
      assert.equal(port, undefined);
      for (const folder of [join(socket, '..'), join(socket, '../..')]) {
        assert.equal((await stat(folder)).mode & 0o777, 0o700);
      }
      assert.equal(await text(connect({ path: socket })), 'hello\n');
      agent.kill('SIGTERM');
      await agent.ended;
      await assert.rejects(stat(socket), { code: 'ENOENT' });
    });

    it('is refused where its path would be too long to be named', async () => {
      const node = '/x'.repeat(50);
      await using task = await TaskFolder.make({ command: script('echo up'), settings });
      await task.start(['sh', '-c', 'mkdir -p "$TMPDIR$0" && TMPDIR=$TMPDIR$0 && exec "$@"', node, ...shell]).ended;
      assert.match(task.status()['reason'] ?? '', /too long for a socket/);
      assert.equal(task.log().toString(), '');
    });

    it('is none where none is wanted', async () => {
      await using task = await TaskFolder.make({ command: script('test ! -e "$1"', '@STELE_SOCKETS@') });
      assert.equal(await task.start(shell).ended, 0, task.describe());
      assert.equal(task.status()['socket'], undefined);
    });
  });
}
