import assert from 'node:assert/strict';
import type { ContainerState } from '../engine.ts';
import { hasCode } from '../errors.ts';
import { timeOf } from '../oci/container-facts.ts';
import { parseContainers } from './inspect.ts';

const never = '0001-01-01T00:00:00Z';
const from = '2030-01-02T03:04:05.123456789Z';
const to = '2030-01-02T03:05:05.9Z';
const digest = `sha256:${'a'.repeat(64)}`;

function line(name: string, state: Record<string, unknown>, more: Record<string, unknown> = {}): string {
  const full = { Status: 'running', ExitCode: 0, StartedAt: from, FinishedAt: never, ...state };
  return JSON.stringify({ id: 'f'.repeat(64), name, state: full, ports: {}, memory: 0, ...more });
}

function stateOf(state: Record<string, unknown>, more: Record<string, unknown> = {}): ContainerState | undefined {
  return parseContainers(['a'], line('a', state, more), '')?.found.get('a')?.state;
}

const startedAt = '2030-01-02T03:04:05.123Z';
const endedAt = '2030-01-02T03:05:05.900Z';

const rows: readonly (readonly [string, Record<string, unknown>, ContainerState])[] = [
  ['running', {}, { phase: 'running', startedAt }],
  ['paused', { Status: 'paused' }, { phase: 'running', startedAt }],
  ['stopping', { Status: 'stopping' }, { phase: 'running', startedAt }],
  ['created', { Status: 'created', StartedAt: never }, { phase: 'created' }],
  ['configured', { Status: 'configured', StartedAt: never }, { phase: 'created' }],
  ['initialized', { Status: 'initialized', StartedAt: never }, { phase: 'created' }],
  [
    'exited',
    { Status: 'exited', FinishedAt: to },
    { phase: 'ended', exitCode: 0, outOfMemory: false, startedAt, endedAt },
  ],
  [
    'dead',
    { Status: 'dead', ExitCode: 1, FinishedAt: to },
    { phase: 'ended', exitCode: 1, outOfMemory: false, startedAt, endedAt },
  ],
  [
    'killed for memory',
    { Status: 'exited', ExitCode: 137, OOMKilled: true, FinishedAt: to },
    { phase: 'ended', exitCode: 137, outOfMemory: true, startedAt, endedAt },
  ],
  [
    'done well although a process of it was killed for memory',
    { Status: 'exited', OOMKilled: true, FinishedAt: to },
    { phase: 'ended', exitCode: 0, outOfMemory: false, startedAt, endedAt },
  ],
  [
    'noted as started after its end',
    { Status: 'exited', ExitCode: 3, FinishedAt: '2030-01-02T03:04:04Z' },
    { phase: 'ended', exitCode: 3, outOfMemory: false, startedAt, endedAt: startedAt },
  ],
  ['cut off by its host going down', { Status: 'created' }, { phase: 'ended', outOfMemory: false, startedAt }],
  [
    'ended with the engine’s words',
    { Status: 'exited', ExitCode: 127, Error: 'no', FinishedAt: to },
    { phase: 'ended', exitCode: 127, outOfMemory: false, error: 'no', startedAt, endedAt },
  ],
];

describe('what inspect says', () => {
  for (const [what, state, expected] of rows)
    it(`reads a container that is ${what}`, () => assert.deepEqual(stateOf(state), expected));

  it('reads the port that is published on one address', () => {
    const ports = { '80/tcp': [{ HostIp: '127.0.0.1', HostPort: '4242' }], '81/tcp': null };
    assert.deepEqual(stateOf({}, { ports }), {
      phase: 'running',
      startedAt,
      address: { host: '127.0.0.1', port: 4242 },
    });
    const inside = { '80/tcp': [{ HostIp: '10.0.0.2', HostPort: '4242' }] };
    assert.deepEqual(stateOf({}, { ports: inside }), {
      phase: 'running',
      startedAt,
      address: { host: '10.0.0.2', port: 4242 },
    });
    const open = { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '4242' }] };
    assert.deepEqual(stateOf({}, { ports: open }), { phase: 'running', startedAt });
    assert.deepEqual(stateOf({}, { ports: null }), { phase: 'running', startedAt });
  });

  it('reads the digest', () => assert.deepEqual(stateOf({}, { digest }), { phase: 'running', startedAt, digest }));

  it('reads Docker’s names', () => assert(parseContainers(['a'], line('/a', {}), '')?.found.has('a')));

  const absences: readonly string[] = [
    'Error: inspecting object: no such container a',
    'error inspecting object: no such container a\nError: inspecting object: no such container b',
    'Error: No such container: a',
    'Error response from daemon: No such container: a',
    'time="2030" level=warning msg="shared mount"\nError: no such object: a',
  ];
  for (const said of absences) {
    it(`takes “${said.slice(0, 40)}…” for absence`, () => {
      assert.deepEqual([...(parseContainers(['a'], '[]\n', said)?.absent ?? [])][0], 'a');
    });
  }

  const silences: readonly string[] = [
    '',
    'Cannot connect to the Docker daemon',
    'Error: no such container ab',
    'killed',
  ];
  for (const said of silences) {
    it(`does not take “${said}” for absence`, () => assert.equal(parseContainers(['a'], '', said), undefined));
  }

  for (const garbage of ['{"id":', 'hello', '{}', '{"id":"x","name":"a"}', 'null']) {
    it(`does not understand ${garbage}`, () => {
      assert.throws(
        () => parseContainers(['a'], garbage, ''),
        (error) => hasCode(error, 'PROTOCOL'),
      );
    });
  }

  it('does not understand a state it never heard of', () => {
    assert.throws(
      () => stateOf({ Status: 'levitating' }),
      (error) => hasCode(error, 'PROTOCOL'),
    );
  });
});

describe('times', () => {
  const times: readonly (readonly [string, string | undefined])[] = [
    [from, startedAt],
    ['2030-01-02T05:04:05.123456789+02:00', startedAt],
    [never, undefined],
    ['', undefined],
    ['yesterday', undefined],
  ];
  for (const [text, expected] of times) it(`reads “${text}”`, () => assert.equal(timeOf(text), expected));
});
