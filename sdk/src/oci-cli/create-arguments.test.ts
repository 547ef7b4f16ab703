import assert from 'node:assert/strict';
import type { ContainerSpec } from '../engine.ts';
import { hasCode } from '../errors.ts';
import { keptCapabilities } from '../oci/hardening.ts';
import { createArguments, environmentText, runArguments } from './create-arguments.ts';
import { type Dialect, type HostTraits, plainTraits } from './dialect.ts';

const dialect: Dialect = {
  id: 'any',
  title: 'Any',
  command: ['any'],
  remedy: 'Install it.',
  inspectFormat: '',
  logArguments: ['--log-opt', 'max-size=10m'],
  removeArguments: [],
  pullArguments: () => [],
  authArguments: () => ({ global: [], pull: [] }),
  knowsOutOfMemory: true,
  runtimes: [],
  failures: [],
  survey: () => Promise.reject(new Error('not asked')),
};

const spec: ContainerSpec = {
  name: 'stele-a',
  image: { registry: 'localhost', repository: 'stele/a', tag: '1' },
  env: { SECRET: 'canary' },
  binds: [],
  labels: {},
};

function argumentsOf(parts: Partial<ContainerSpec> = {}, traits: Partial<HostTraits> = {}): readonly string[] {
  return createArguments({ ...spec, ...parts }, dialect, { ...plainTraits, ...traits });
}

/** Whether `part` stands in `list`, next to each other and in this order. */
function holds(list: readonly string[], part: readonly string[]): boolean {
  return list.some((_, index) => part.every((word, offset) => list[index + offset] === word));
}

const always: readonly (readonly string[])[] = [
  ['--name', 'stele-a'],
  ['--pull', 'never'],
  ['--env-file', '/dev/stdin'],
  ['--init'],
  ['--security-opt', 'no-new-privileges'],
  ['--cap-drop', 'ALL'],
  ['--pids-limit', '4096'],
  ['--log-opt', 'max-size=10m'],
];

const rows: readonly (readonly [string, Partial<ContainerSpec>, Partial<HostTraits>, readonly string[]])[] = [
  ['a port on loopback', { port: 8888 }, {}, ['--publish', '127.0.0.1::8888']],
  ['memory, swap included', { memory: 64e6 }, {}, ['--memory', '64000000b', '--memory-swap', '64000000b']],
  ['a share of a processor', { cpus: 0.5 }, {}, ['--cpus', '0.5']],
  ['a label', { labels: { 'stele.task': 'k' } }, {}, ['--label', 'stele.task=k']],
  ['an architecture', { architecture: 'arm64' }, {}, ['--platform', 'linux/arm64']],
  ['the runtime that was asked for', { runtime: 'crun' }, { runtime: 'runc' }, ['--runtime', 'crun']],
  ['the runtime that the host needs', {}, { runtime: 'runc' }, ['--runtime', 'runc']],
  ['limits that the host needs', {}, { ulimits: [{ name: 'nofile', value: 9 }] }, ['--ulimit', 'nofile=9:9']],
  ['arguments after the image', { args: ['sh', '-c', 'x'] }, {}, ['localhost/stele/a:1', 'sh', '-c', 'x']],
  [
    'a digest',
    { image: { ...spec.image, digest: `sha256:${'a'.repeat(64)}` } },
    {},
    [`localhost/stele/a@sha256:${'a'.repeat(64)}`],
  ],
];

const paths: readonly (readonly [string, string])[] = [
  ['/a', 'type=bind,source=/a,target=/t'],
  ['/a b', 'type=bind,source=/a b,target=/t'],
  ['/a:b=c', 'type=bind,source=/a:b=c,target=/t'],
  ['/a,b', 'type=bind,"source=/a,b",target=/t'],
  ['/a"b', 'type=bind,"source=/a""b",target=/t'],
  ['/a,readonly=false', 'type=bind,"source=/a,readonly=false",target=/t'],
  ['/ünï/世界', 'type=bind,source=/ünï/世界,target=/t'],
];

describe('arguments of create', () => {
  for (const part of always) it(`always have ${part.join(' ')}`, () => assert(holds(argumentsOf(), part)));

  for (const [what, parts, traits, part] of rows) {
    it(`have ${what}`, () => assert(holds(argumentsOf(parts, traits), part), argumentsOf(parts, traits).join(' ')));
  }

  for (const [source, expected] of paths) {
    it(`bind ${source}`, () => {
      const binds = [{ source, target: '/t', readOnly: false }];
      assert(holds(argumentsOf({ binds }), ['--mount', expected]), argumentsOf({ binds }).join(' '));
    });
  }

  it('bind for reading only', () => {
    const binds = [{ source: '/a', target: '/t', readOnly: true }];
    assert(holds(argumentsOf({ binds }), ['--mount', 'type=bind,source=/a,target=/t,readonly']));
  });

  it('keep capabilities that images need, and no others', () => {
    const list = argumentsOf();
    const added = list.filter((_, index) => list[index - 1] === '--cap-add');
    assert.deepEqual(added, keptCapabilities);
    for (const dangerous of ['SYS_ADMIN', 'NET_RAW', 'MKNOD', 'SYS_PTRACE']) assert(!added.includes(dangerous));
  });

  it('never hold a value of the environment', () => assert(!argumentsOf().join(' ').includes('canary')));

  it('leave folders unlabelled only where SELinux is', () => {
    const binds = [{ source: '/a', target: '/t', readOnly: false }];
    assert(holds(argumentsOf({ binds }, { selinux: true }), ['--security-opt', 'label=disable']));
    assert(!argumentsOf({ binds }).includes('label=disable'));
    assert(!argumentsOf({}, { selinux: true }).includes('label=disable'));
  });

  it('ask for no limit where none is enforced, and refuse one', () => {
    assert(!argumentsOf({}, { limits: false }).includes('--pids-limit'));
    const refused = (error: unknown): boolean => hasCode(error, 'UNSUPPORTED') && error.field === 'memory';
    assert.throws(() => argumentsOf({ memory: 64e6 }, { limits: false }), refused);
  });

  it('put the host’s own arguments before the subcommand', () => {
    const list = argumentsOf({}, { globalArguments: ['--cgroup-manager', 'cgroupfs'] });
    assert.deepEqual(list.slice(0, 3), ['--cgroup-manager', 'cgroupfs', 'create']);
  });

  it('differ from those of run by the subcommand, and by where the image may come from', () => {
    const [, , , ...rest] = argumentsOf();
    assert.deepEqual(runArguments(spec, dialect, plainTraits, '/dev/stdin'), [
      'run',
      '--rm',
      '--pull',
      'missing',
      ...rest,
    ]);
  });

  it('of run keep the container within its job, unless it has limits of its own', () => {
    const within = { ...dialect, job: { global: ['--log-level', 'error'], run: ['--cgroups', 'disabled'] } };
    const list = runArguments(spec, within, plainTraits, '/dev/stdin');
    assert(holds(list, within.job.run) && holds(list, [...within.job.global, 'run']) && !list.includes('--pids-limit'));
    const limited = runArguments({ ...spec, memory: 64e6 }, within, plainTraits, '/dev/stdin');
    assert(!limited.includes('--cgroups') && limited.includes('--pids-limit'));
  });

  it('publish the port where it is wanted', () => {
    assert(holds(argumentsOf({ port: 80 }), ['--publish', '127.0.0.1::80']));
    const publish = { host: '0.0.0.0', port: '@STELE_PORT@' } as const;
    assert(holds(argumentsOf({ port: 80, publish }), ['--publish', '0.0.0.0:@STELE_PORT@:80']));
  });

  it('of create know no GPUs', () => {
    assert.throws(
      () => argumentsOf({ gpus: true }),
      (error) => hasCode(error, 'UNSUPPORTED'),
    );
  });
});

describe('the environment file', () => {
  it('takes values literally, a line each', () => {
    assert.equal(environmentText({ A: ' "x" #y', B: '' }), 'A= "x" #y\nB=\n');
  });
});
