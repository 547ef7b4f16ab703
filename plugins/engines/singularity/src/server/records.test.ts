import assert from 'node:assert/strict';
import { type ContainerState, hasCode } from '@stele/sdk';
import { failureOf } from './failures.ts';
import { readStatus } from './operator.ts';
import { readContainers } from './records.ts';

const at = '2026-01-01T00:00:00.000Z';
const socket = '/tmp/stele-abcdefGHI0/sockets/interface';
const seconds = Date.parse(at) / 1000;

const states: readonly (readonly [what: string, lines: string, state: ContainerState])[] = [
  ['nothing', '', { phase: 'absent' }],
  ['one that nobody began', 'alive=never\n', { phase: 'created' }],
  ['one whose agent hasn’t said anything', 'alive=yes\n', { phase: 'created' }],
  ['one that is about to start', 'alive=yes\nphase=starting\n', { phase: 'created' }],
  ['one that runs', `alive=yes\nphase=running\nstarted=${seconds}\n`, { phase: 'running', startedAt: at }],
  [
    'one with a port',
    `alive=yes\nphase=running\nstarted=${seconds}\nport=20001\n`,
    { phase: 'running', startedAt: at, address: { host: '127.0.0.1', port: 20_001 } },
  ],
  [
    'one with a socket',
    `alive=yes\nphase=running\nstarted=${seconds}\nsocket=${socket}\n`,
    { phase: 'running', startedAt: at, address: { socket } },
  ],
  [
    'one with a socket that no task has',
    `alive=yes\nphase=running\nstarted=${seconds}\nsocket=/run/docker.sock\nport=20001\n`,
    { phase: 'running', startedAt: at },
  ],
  [
    'one whose image is known',
    `alive=yes\ndigest=sha256:${'0'.repeat(64)}\nphase=running\nstarted=${seconds}\n`,
    { phase: 'running', startedAt: at, digest: `sha256:${'0'.repeat(64)}` },
  ],
  [
    'one whose image isn’t',
    `alive=yes\ndigest=\nphase=running\nstarted=${seconds}\n`,
    { phase: 'running', startedAt: at },
  ],
  [
    'one that ended',
    `alive=no\nphase=ended\nstarted=${seconds}\nended=${seconds}\nexit=7\nreason=It was asked to end (TERM).\n`,
    {
      phase: 'ended',
      outOfMemory: false,
      exitCode: 7,
      startedAt: at,
      endedAt: at,
      error: 'It was asked to end (TERM).',
    },
  ],
  [
    'one that never came to run',
    `alive=no\nphase=ended\nended=${seconds}\nreason=No room.\n`,
    { phase: 'ended', outOfMemory: false, endedAt: at, error: 'No room.' },
  ],
  [
    'one that was cut off with its host',
    `alive=no\nphase=running\nstarted=${seconds}\n`,
    { phase: 'ended', outOfMemory: false, startedAt: at },
  ],
  ['one that was cut off before it said anything', 'alive=no\n', { phase: 'ended', outOfMemory: false }],
];

const failures: readonly (readonly [stderr: string, exitCode: number, code: string, field?: string])[] = [
  ['', 43, 'UNSUPPORTED'],
  ['mkdir: cannot create directory', 45, 'LIMIT'],
  ['FATAL: while … manifest unknown: manifest unknown', 1, 'NOT_FOUND', 'image'],
  ['FATAL: … dial tcp 127.0.0.1:1: connect: connection refused', 1, 'UNREACHABLE', 'image'],
  ['FATAL: … lookup no.such: no such host', 1, 'UNREACHABLE', 'image'],
  ['FATAL: … unauthorized: authentication required', 1, 'DENIED', 'image'],
  ['FATAL: … write /x: no space left on device', 1, 'LIMIT'],
  ['something else', 1, 'PROTOCOL'],
];

describe('what a host says of containers', () => {
  for (const [what, lines, state] of states) {
    it(`is read: ${what}`, () => {
      const text = `container=stele-a\n${lines}container=stele-b\ndone=yes\n`;
      const read = readContainers(['stele-a', 'stele-b'], text);
      assert.deepEqual(read.get('stele-a'), state);
      assert.deepEqual(read.get('stele-b'), { phase: 'absent' });
    });
  }

  for (const text of [
    '',
    'container=stele-a\n',
    'container=stele-b\ndone=yes\n',
    'garbage',
    'container=stele-a\ndone=yes\nmore',
  ]) {
    it(`is no answer when it isn’t whole: ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => readContainers(['stele-a'], text),
        (error) => hasCode(error, 'PROTOCOL'),
      );
    });
  }
});

describe('what programs say', () => {
  it('of a failure, at whatever length', () => {
    const stderr = 'access to the requested '.repeat(500_000);
    const failure = failureOf({ exitCode: 1, stdout: '', stderr }, 'fetch it', 'login');
    assert(failure.code === 'PROTOCOL' && String(failure.raw).length < 10_000);
  });

  for (const [stderr, exitCode, code, field] of failures) {
    it(`of a failure: ${stderr || exitCode}`, () => {
      const failure = failureOf({ exitCode, stdout: '', stderr }, 'fetch it', 'login');
      assert.deepEqual([failure.code, failure.field], [code, field]);
    });
  }

  for (const [text, version, architecture] of [
    ['apptainer version 1.4.5\nx86_64\n', '1.4.5', 'amd64'],
    ['singularity-ce version 3.11.4-jammy\naarch64\n', '3.11.4-jammy', 'arm64'],
    ['singularity version 3.8.7-1.el8\nppc64le\n', '3.8.7-1.el8', 'ppc64le'],
  ]) {
    it(`of themselves: ${text?.split('\n')[0]}`, () => {
      const status = readStatus(text ?? '');
      assert.deepEqual([status.version, status.architecture], [version, architecture]);
    });
  }

  it('that nobody understands is no answer', () => {
    assert.throws(
      () => readStatus('bash: welcome\n'),
      (error) => hasCode(error, 'PROTOCOL'),
    );
  });
});
