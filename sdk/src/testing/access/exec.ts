import assert from 'node:assert/strict';
import { rejectsWith } from '../expect.ts';
import { never } from '../files/content.ts';
import type { Runner } from '../runner.ts';
import { type AccessMethodSubject, withHost } from './subject.ts';

const everyCharacter = Array.from({ length: 0x17f }, (_, index) => String.fromCharCode(index + 1)).join('');

const hardArguments: readonly string[] = [
  '',
  ' ',
  '-n',
  '--',
  '$HOME',
  '$(id)',
  '`id`',
  "it's",
  '"',
  '\\',
  '\n',
  'a\r\nb',
  '*',
  '~',
  '; id',
  '&& id',
  '| id',
  '> file',
  '!!',
  '%s',
  '東京 🚀',
  everyCharacter,
];

/** Arguments, input and output of commands. */
export function describeExec({ describe, it }: Runner, subject: AccessMethodSubject): void {
  describe('exec', () => {
    for (const argument of hardArguments) {
      it(`hands over ${JSON.stringify(argument).slice(0, 40)} as it is`, () =>
        withHost(subject, async (host) => {
          const { stdout, exitCode } = await host.exec(['printf', '<%s>', argument, 'next'], {}, never);
          assert.equal(stdout, `<${argument}><next>`);
          assert.equal(exitCode, 0);
        }));
    }

    it('refuses what no command can hold', () =>
      withHost(subject, async (host) => {
        await rejectsWith('INVALID', host.exec(['printf', 'a\0b'], {}, never));
        await rejectsWith('INVALID', host.exec([], {}, never));
      }));

    it('takes the program by its name, not as a line for a shell', () =>
      withHost(subject, async (host) => {
        for (const program of ['printf x', 'true;', '$SHELL', 'no-such-program']) {
          await rejectsWith('NOT_FOUND', host.exec([program], {}, never));
        }
      }));

    it('says DENIED for what may not be run', () =>
      withHost(subject, async (host) => {
        await rejectsWith('DENIED', host.exec(['/etc/passwd'], {}, never));
      }));

    it('keeps the two outputs apart and gives the exit code', () =>
      withHost(subject, async (host) => {
        const script = 'printf out; printf err >&2; exit 3';
        assert.deepEqual(await host.exec(['sh', '-c', script], {}, never), {
          exitCode: 3,
          stdout: 'out',
          stderr: 'err',
        });
      }));

    it('gives 128 + n for signal n', () =>
      withHost(subject, async (host) => {
        assert.equal((await host.exec(['sh', '-c', 'kill -9 $$'], {}, never)).exitCode, 137);
        assert.equal((await host.exec(['sh', '-c', 'kill -15 $$'], {}, never)).exitCode, 143);
      }));

    it('hands over the input and its end', () =>
      withHost(subject, async (host) => {
        assert.equal((await host.exec(['cat'], { stdin: 'häl\nlo' }, never)).stdout, 'häl\nlo');
        assert.equal((await host.exec(['cat'], {}, never)).stdout, '');
        const bytes = Buffer.alloc(1_000_000, 'abcdefghij');
        assert.equal((await host.exec(['cat'], { stdin: bytes }, never)).stdout, bytes.toString());
        assert.equal(
          (await host.exec(['wc', '-c'], { stdin: new Uint8Array([0, 255, 10]) }, never)).stdout.trim(),
          '3',
        );
      }));

    it('bears commands that don’t read their input', () =>
      withHost(subject, async (host) => {
        assert.equal((await host.exec(['true'], { stdin: Buffer.alloc(1_000_000) }, never)).exitCode, 0);
      }));

    it('runs in the folder it is told', () =>
      withHost(subject, async (host) => {
        assert.equal((await host.exec(['pwd', '-P'], { cwd: '/' }, never)).stdout, '/\n');
        await rejectsWith(['INVALID', 'NOT_FOUND'], host.exec(['pwd'], { cwd: '/no/such/folder' }, never));
      }));

    it('runs many commands at a time', () =>
      withHost(subject, async (host) => {
        const numbers = Array.from({ length: 20 }, (_, index) => String(index));
        const results = await Promise.all(numbers.map((number) => host.exec(['printf', number], {}, never)));
        assert.deepEqual(
          results.map((result) => result.stdout),
          numbers,
        );
      }));
  });
}
