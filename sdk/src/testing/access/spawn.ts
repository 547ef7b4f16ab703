import assert from 'node:assert/strict';
import { once } from 'node:events';
import { eventually, rejectsWith, settlesWithin } from '../expect.ts';
import { bytesOf, never } from '../files/content.ts';
import type { Runner } from '../runner.ts';
import { timeFactor } from '../time.ts';
import { isAlive, pidsIn } from './exec-ends.ts';
import { type AccessMethodSubject, withHost } from './subject.ts';

export function describeSpawn({ describe, it }: Runner, subject: AccessMethodSubject): void {
  describe('spawn', () => {
    it('carries input and output as they come', () =>
      withHost(subject, async (host) => {
        const process = await host.spawn(['cat'], {}, never);
        for (const text of ['one', 'two']) {
          process.stdin.write(text);
          const [chunk] = (await settlesWithin(5_000, 'an echo', once(process.stdout, 'data'))) as [Buffer];
          assert.equal(String(chunk), text);
        }
        process.stdin.end();
        assert.equal(await process.exited, 0);
      }));

    it('gives both outputs and the exit code', () =>
      withHost(subject, async (host) => {
        const process = await host.spawn(['sh', '-c', 'printf out; printf err >&2; exit 7'], {}, never);
        const outputs = await Promise.all([bytesOf(process.stdout), bytesOf(process.stderr)]);
        assert.deepEqual(outputs.map(String), ['out', 'err']);
        assert.equal(await process.exited, 7);
      }));

    it('refuses what can’t be started', () =>
      withHost(subject, async (host) => {
        await rejectsWith('NOT_FOUND', host.spawn(['no-such-program'], {}, never));
        await rejectsWith('DENIED', host.spawn(['/etc/passwd'], {}, never));
        await rejectsWith('INVALID', host.spawn(['printf', 'a\0b'], {}, never));
        await rejectsWith('UNREACHABLE', host.spawn(['true'], {}, AbortSignal.abort()));
      }));

    it('ends a process that is asked to, gently', () =>
      withHost(subject, async (host) => {
        const process = await host.spawn(
          ['sh', '-c', 'trap "exit 5" TERM; echo; while :; do sleep 0.1; done'],
          {},
          never,
        );
        await once(process.stdout, 'data');
        process.kill();
        process.kill();
        assert.equal(await settlesWithin(5_000, 'kill', process.exited), 5);
        process.kill();
      }));

    it('insists after two seconds', () =>
      withHost(subject, async (host) => {
        const process = await host.spawn(['sh', '-c', 'trap "" TERM; echo; while :; do sleep 0.1; done'], {}, never);
        await once(process.stdout, 'data');
        process.kill();
        assert.equal(await settlesWithin(6_000, 'kill', process.exited), 137);
      }));

    it('ends a process whose caller gives up', () =>
      withHost(subject, async (host) => {
        const giveUp = new AbortController();
        const process = await host.spawn(['sleep', '60'], {}, giveUp.signal);
        giveUp.abort();
        assert.equal(await settlesWithin(5_000, 'abort', process.exited), 143);
      }));

    it('ends what still runs with its lease', () =>
      withHost(subject, async (watcher) => {
        const file = `${subject.folder}/pids-of-lease`;
        await withHost(subject, async (host) => {
          await host.spawn(['sh', '-c', 'echo $$ > "$0"; exec sleep 60', file], {}, never);
          await pidsIn(host, file);
        });
        const [pid = ''] = await pidsIn(watcher, file);
        await eventually('the process ends', async () => !(await isAlive(watcher, pid)));
      }));

    it('tells the end of a process while a child of it still holds its output', () =>
      withHost(subject, async (host) => {
        const script = `sleep ${8 * timeFactor} & printf done; exit 4`;
        const process = await host.spawn(['sh', '-c', script], {}, never);
        assert.equal(await settlesWithin(5_000, 'the end', process.exited), 4);
        const result = await settlesWithin(5_000, 'exec', host.exec(['sh', '-c', script], {}, never));
        assert.deepEqual(result, { exitCode: 4, stdout: 'done', stderr: '' });
      }));

    it('bears writing to a process that has ended', () =>
      withHost(subject, async (host) => {
        const process = await host.spawn(['true'], {}, never);
        await process.exited;
        process.stdin.write(Buffer.alloc(100_000));
        process.stdin.end();
        assert.equal(await process.exited, 0);
      }));
  });
}
