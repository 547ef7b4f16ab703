import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { quoteArgument, quoteCommand } from './quote.ts';

/** Shells that read the line back here, by the argv that hands it over. */
const shells = ['dash', 'bash', 'sh', 'busybox'].filter((name) => spawnSync(name, ['true']).error === undefined);

function readBack(shell: string, argv: readonly string[]): readonly string[] {
  const line = `exec ${quoteCommand(['printf', '%s\\0', ...argv])}`;
  const args = shell === 'busybox' ? ['sh', '-c', line] : ['-c', line];
  // C: bytes that are no UTF-8 are bytes.
  const { stdout, status, stderr } = spawnSync(shell, args, {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
  });
  assert.equal(status, 0, stderr);
  return stdout.split('\0').slice(0, -1);
}

const hard: readonly string[] = [
  '',
  "'",
  "''",
  "'\\''",
  '"',
  '\\',
  '\\\\',
  "\\'",
  '-n',
  '--',
  '-e\\n',
  '$HOME',
  '$(id)',
  '${x}',
  '`id`',
  '!!',
  '!x',
  '\n',
  '\r\n',
  ' ',
  '\t',
  '*',
  '?',
  '[a-z]',
  '{a,b}',
  '~',
  '~root',
  '#',
  ';',
  '&',
  '|',
  '<>',
  '()',
  '=',
  '%s',
  'a\nb; id',
  "it's; id #",
  'Straße',
  '東京',
  '🚀',
  '\u2028',
  '\ufffd',
  '\ufeff',
];

/** The same numbers each time: a failure can be seen again. */
function* random(seed: number): Generator<number, never, undefined> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

function randomStrings(count: number): readonly string[] {
  const numbers = random(42);
  const next = (limit: number) => Math.floor(numbers.next().value * limit);
  const nasty = '\'"\\$`!\n -;&|<>(){}[]*?~#%=\u00e9\u6771';
  return Array.from({ length: count }, () =>
    Array.from({ length: next(30) }, () =>
      next(2) === 0 ? (nasty[next(nasty.length)] ?? '') : String.fromCodePoint(1 + next(0xd7ff)),
    ).join(''),
  );
}

describe('a quoted argument', function () {
  this.timeout(60_000);

  it('is tried with two shells at least', () => assert(shells.length >= 2, shells.join()));

  for (const shell of shells) {
    it(`is read back by ${shell} character by character, 1 to 255 and further`, () => {
      const each = Array.from({ length: 0x2ff }, (_, index) => String.fromCharCode(index + 1));
      const argv = [...each, ...each.map((character) => `${character}${character}`), each.join('')];
      assert.deepEqual(readBack(shell, argv), argv);
    });

    it(`is read back by ${shell} whatever it looks like`, () => assert.deepEqual(readBack(shell, hard), hard));

    it(`is read back by ${shell} in 2,000 random strings`, () => {
      const strings = randomStrings(2_000);
      for (let start = 0; start < strings.length; start += 250) {
        const some = strings.slice(start, start + 250);
        assert.deepEqual(readBack(shell, some), some);
      }
    });

    it(`holds the program’s name for ${shell}, too`, () => {
      const line = quoteCommand(['printf x; echo']);
      const { status } = spawnSync(shell, shell === 'busybox' ? ['sh', '-c', line] : ['-c', line], {
        encoding: 'utf8',
      });
      assert.equal(status, 127, 'no such program, rather than two commands');
    });
  }

  it('holds half a character as the replacement that an argument of Node becomes', () => {
    const [direct] = spawnSync('printf', ['%s', 'a\ud800b'], { encoding: 'buffer' })
      .stdout.toString('utf8')
      .split('\0');
    assert.deepEqual(readBack(shells[0] ?? '', ['a\ud800b']), [direct]);
  });

  it('holds 100,000 characters', () => {
    const long = `'${'x'.repeat(99_998)}'`;
    assert.deepEqual(readBack(shells[0] ?? '', [long]), [long]);
  });

  it('can’t hold NUL', () => {
    for (const argument of ['\0', 'a\0b', 'a\0']) {
      assert.throws(() => quoteArgument(argument), { code: 'INVALID' });
      assert.throws(() => quoteCommand(['true', argument]), { code: 'INVALID' });
    }
  });
});
