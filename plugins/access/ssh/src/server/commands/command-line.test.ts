import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { commandLine } from './command-line.ts';

const everyByte = Array.from({ length: 255 }, (_, index) => String.fromCharCode(index + 1)).join('');
const hard = [
  '',
  '-n',
  "it's",
  '\\',
  "\\'",
  '\n',
  '!x',
  '!!',
  '$HOME',
  '`id`',
  '東京',
  everyByte,
  `'\\''`,
  'a\\',
  '%s\\n',
];
const shells = [
  '/bin/sh',
  '/bin/bash',
  '/bin/dash',
  '/bin/csh',
  '/bin/tcsh',
  '/usr/bin/fish',
  '/bin/zsh',
  '/bin/ksh',
].filter((shell) => existsSync(shell));

const [loginShell = ''] = shells;

describe('command lines', function () {
  this.timeout(60_000);
  for (const shell of shells) {
    it(`hand arguments over as they are, with ${shell} as login shell`, () => {
      for (const argument of hard) {
        const run = spawnSync(shell, ['-c', commandLine(['printf', '<%s>', argument], undefined, 'word')], {
          encoding: 'utf8',
        });
        assert.equal(run.stdout, `word\n<${argument}>`, `${JSON.stringify(argument).slice(0, 40)}: ${run.stderr}`);
      }
    });
  }

  for (const [what, argv, cwd, said] of [
    ['a missing program', ['no-such-program'], undefined, 'missing'],
    ['a program that may not be run', ['/etc/passwd'], undefined, 'denied'],
    ['a folder as program', ['/etc'], undefined, 'denied'],
    ['a missing folder', ['true'], '/no/such', 'folder'],
  ] as const) {
    it(`tell of ${what}`, () => {
      const run = spawnSync(loginShell, ['-c', commandLine(argv, cwd, 'word')], { encoding: 'utf8' });
      assert.equal(run.stderr, `word ${said}\n`);
      assert.equal(run.stdout, '');
    });
  }
});
