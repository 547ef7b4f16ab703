import assert from 'node:assert/strict';
import type { Host } from '../../access.ts';
import { eventually, rejectsWith, settlesWithin } from '../expect.ts';
import { never } from '../files/content.ts';
import type { Runner } from '../runner.ts';
import { type AccessMethodSubject, withHost } from './subject.ts';

/** Writes its process number, and that of a child, then waits. */
const waiting = 'sleep 60 & echo "$$ $!" > "$0"; wait';
const stubborn = `trap "" TERM; ${waiting}`;

/** Whether a process is there and not just waiting to be buried. */
export async function isAlive(host: Host, pid: string): Promise<boolean> {
  const script = 'kill -0 "$0" 2>/dev/null && ! grep -q "^State:.Z" "/proc/$0/status" 2>/dev/null';
  return (await host.exec(['sh', '-c', script, pid], {}, never)).exitCode === 0;
}

/** The process numbers that a script wrote into a file. */
export async function pidsIn(host: Host, file: string): Promise<readonly string[]> {
  let text = '';
  await eventually('the command starts', async () => {
    text = (await host.exec(['cat', file], {}, never)).stdout;
    return text.endsWith('\n');
  });
  return text.trim().split(' ');
}

/** How commands end that are given up or say too much. */
export function describeExecEnds({ describe, it }: Runner, subject: AccessMethodSubject): void {
  describe('exec that is given up', () => {
    for (const [what, script] of [
      ['ends the command and what it started', waiting],
      ['ends also what doesn’t want to', stubborn],
    ] as const) {
      it(what, () =>
        withHost(subject, async (host) => {
          const file = `${subject.folder}/pids-${script.length}`;
          const giveUp = new AbortController();
          const work = rejectsWith('UNREACHABLE', host.exec(['sh', '-c', script, file], {}, giveUp.signal));
          const pids = await pidsIn(host, file);
          giveUp.abort();
          await settlesWithin(5_000, 'an abort', work);
          for (const pid of pids) await eventually(`${pid} ends`, async () => !(await isAlive(host, pid)), 5_000);
        }),
      );
    }

    it('is refused when it was given up before', () =>
      withHost(subject, async (host) => {
        const file = `${subject.folder}/never-made`;
        await rejectsWith('UNREACHABLE', host.exec(['sh', '-c', ': > "$0"', file], {}, AbortSignal.abort()));
        assert.notEqual((await host.exec(['cat', file], {}, never)).exitCode, 0, 'the command must not have run');
      }));

    it('leaves other commands alone', () =>
      withHost(subject, async (host) => {
        const other = host.exec(['sh', '-c', 'sleep 0.5; printf done'], {}, never);
        await rejectsWith('UNREACHABLE', host.exec(['sleep', '60'], {}, AbortSignal.timeout(50)));
        assert.equal((await other).stdout, 'done');
      }));
  });

  describe('exec that prints', () => {
    it('gives all of a megabyte', () =>
      withHost(subject, async (host) => {
        const script = 'i=0; while [ $i -lt 10000 ]; do printf "%0100d" $i; i=$((i+1)); done';
        assert.equal((await host.exec(['sh', '-c', script], {}, never)).stdout.length, 1_000_000);
      }));

    it('is ended when it prints more than asked for', () =>
      withHost(subject, async (host) => {
        for (const script of ['while :; do echo x; done', 'while :; do echo x >&2; done']) {
          const work = host.exec(['sh', '-c', script], { maxOutput: 10_000 }, never);
          await settlesWithin(15_000, 'a command that prints for ever', rejectsWith('PROTOCOL', work));
        }
        const exact = await host.exec(['printf', '%0100d', '1'], { maxOutput: 100 }, never);
        assert.equal(exact.stdout.length, 100, 'what fits is no error');
      }));
  });
}
