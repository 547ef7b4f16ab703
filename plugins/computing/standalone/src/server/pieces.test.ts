import assert from 'node:assert/strict';
import type { ComputingResource, ContainerState, Launch, Observation } from '@stele/sdk';
import { hasCode } from '@stele/sdk';
import { confOf } from './conf.ts';
import { containerSpec, observation, parseRef, previewText } from './container.ts';
import { describe as describeHost, options } from './description.ts';
import { readMachine } from './machine.ts';

const key = 'abcdefghij012345';
const ref = `podman/stele-${key}`;
const startedAt = '2030-01-01T00:00:00.000Z';
const endedAt = '2030-01-01T00:01:00.000Z';

const able = { canLimit: true, hasSockets: true };

const launch: Launch = {
  key,
  name: 'Notebook; rm -rf /',
  image: { registry: 'localhost', repository: 'stele/a', tag: '1' },
  interface: { port: 8888, protocol: 'http', transport: 'tcp' },
  env: { SECRET: 'canary' },
  binds: [],
  options: {},
};

const resource: ComputingResource = {
  id: key,
  name: 'x',
  driver: 'standalone',
  access: 'local',
  auth: 'none',
  accessConf: {},
  conf: {},
  engines: [],
};
const conf = confOf(resource);

const states: readonly (readonly [ContainerState, Observation])[] = [
  [{ phase: 'absent' }, { phase: 'absent' }],
  [{ phase: 'created' }, { phase: 'starting', ref, reason: 'The container is made and about to start.' }],
  [
    { phase: 'running', startedAt, digest: 'd' },
    { phase: 'running', ref, startedAt, digest: 'd' },
  ],
  [
    { phase: 'ended', exitCode: 0, outOfMemory: false, startedAt, endedAt },
    { phase: 'ended', outcome: 'completed', ref, exitCode: 0, startedAt, endedAt },
  ],
  [
    { phase: 'ended', exitCode: 3, outOfMemory: false, error: 'said' },
    { phase: 'ended', outcome: 'failed', reason: 'The task ended with exit code 3.', ref, detail: 'said', exitCode: 3 },
  ],
  [
    { phase: 'ended', exitCode: 143, outOfMemory: false },
    { phase: 'ended', outcome: 'failed', reason: 'The task was ended by signal 15.', ref, exitCode: 143 },
  ],
  [
    { phase: 'ended', exitCode: 137, outOfMemory: true },
    {
      phase: 'ended',
      outcome: 'out-of-memory',
      reason: 'The task needed more memory than it was given.',
      ref,
      exitCode: 137,
    },
  ],
  [
    { phase: 'ended', outOfMemory: false },
    { phase: 'ended', outcome: 'node-failed', reason: 'The host went down while the task ran.', ref },
  ],
];

describe('a task seen as its container', () => {
  for (const [state, expected] of states) {
    it(JSON.stringify(state), () => assert.deepEqual(observation(state, ref), expected));
  }
});

describe('a reference', () => {
  it('names engine and container', () =>
    assert.deepEqual(parseRef(ref), { engine: 'podman', container: `stele-${key}` }));
  for (const wrong of [
    '',
    'podman',
    `podman/${key}`,
    `../stele-${key}`,
    `podman/stele-${key}\n`,
    `Podman/stele-${key}`,
  ]) {
    it(`is not ${JSON.stringify(wrong)}`, () => {
      assert.throws(
        () => parseRef(wrong),
        (error) => hasCode(error, 'INVALID'),
      );
    });
  }
});

describe('the container of a launch', () => {
  it('has the key in name and label, and nothing of what the user called it', () => {
    const spec = containerSpec(launch, conf, able);
    assert.equal(spec.name, `stele-${key}`);
    assert.deepEqual(spec.labels, { 'stele.task': key });
    assert(!JSON.stringify(spec).includes('rm -rf'));
  });

  it('has what was chosen, else what the resource gives, else no limit', () => {
    const site = { ...conf, memory: 1e9, cpus: 2 };
    const chosen = containerSpec({ ...launch, options: { memory: 5e8, cpus: 1 } }, site, able);
    assert.deepEqual([chosen.memory, chosen.cpus], [5e8, 1]);
    const given = containerSpec(launch, site, able);
    assert.deepEqual([given.memory, given.cpus], [1e9, 2]);
    const free = containerSpec(launch, conf, able);
    assert.deepEqual([free.memory, free.cpus], [undefined, undefined]);
    const unable = containerSpec(launch, site, { ...able, canLimit: false });
    assert.deepEqual([unable.memory, unable.cpus], [undefined, undefined]);
  });

  it('has the runtime that was chosen', () => {
    assert.equal(containerSpec({ ...launch, engine: { id: 'podman', runtime: 'crun' } }, conf, able).runtime, 'crun');
  });

  it('has a socket in place of its port, where software and engine can do that', () => {
    const taking: Launch = { ...launch, interface: { ...launch.interface, takesSocket: true } };
    const unable = { ...able, hasSockets: false };
    const seen = [
      containerSpec(taking, conf, able),
      containerSpec(taking, conf, unable),
      containerSpec(launch, conf, able),
    ];
    assert.deepEqual(
      seen.map(({ takesSocket, port }) => [takesSocket, port]),
      [
        [true, undefined],
        [undefined, 8888],
        [undefined, 8888],
      ],
    );
  });

  it('opens no UDP', () => {
    const udp: Launch = { ...launch, interface: { ...launch.interface, transport: 'udp' } };
    assert.throws(
      () => containerSpec(udp, conf, able),
      (error) => hasCode(error, 'UNSUPPORTED'),
    );
  });

  it('is shown without values', () => {
    const text = previewText([['podman', 'create', 'a b', "it's"]], launch.env);
    assert.equal(text, "# on standard input:\n#   SECRET=…\npodman create 'a b' 'it'\\''s'");
  });
});

describe('a host', () => {
  const answers = {
    uname: 'x86_64\n',
    cpus: '2\n',
    memory: 'MemTotal:       24683656 kB\nMemFree:        1 kB\n',
    disk: 'Filesystem     1024-blocks      Used Available Capacity Mounted on\n/dev/vda         264211968  25505992  81788928      24% /\n',
    system: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
  };
  const status = {
    version: '4.3.1',
    runtimes: ['runc'],
    architecture: 'amd64',
    rootless: false,
    limits: true,
    network: 'a network for each task',
  } as const;
  const engine = { id: 'podman', title: 'Podman', status };

  it('is described for people', () => {
    const exposures = { podman: { says: 'Others get there.', isRefused: false } };
    const { facts, architectures, ...told } = describeHost(readMachine(answers), [engine], exposures);
    assert.deepEqual(architectures, ['amd64']);
    assert.deepEqual(told.exposures, exposures);
    assert.deepEqual(
      facts.map(({ label, value }) => `${label}: ${value}`),
      [
        'System: Debian GNU/Linux 12 (bookworm)',
        'CPU: 2 cores',
        'Memory: 23.5 GiB',
        'Disk: 78 GiB free of 252 GiB',
        'Podman: 4.3.1 (runc), a network for each task',
      ],
    );
  });

  it('that says nothing of itself is described by its engine', () => {
    const silent = readMachine({ uname: '', cpus: '', memory: '', disk: '', system: '' });
    const description = describeHost(silent, [engine]);
    assert.deepEqual(description.architectures, ['amd64']);
    assert.deepEqual(description.facts, [{ label: 'Podman', value: '4.3.1 (runc), a network for each task' }]);
    assert.deepEqual(options(conf, description)['properties'], {});
  });

  it('whose engine keeps nobody apart says so', () => {
    const { network: _, ...open } = status;
    const { facts } = describeHost(readMachine(answers), [{ ...engine, status: open }]);
    assert.equal(facts.at(-1)?.value, '4.3.1 (runc), tasks can reach each other');
    const alone = describeHost(readMachine(answers), [{ ...engine, status: { ...open, runtimes: [] } }]);
    assert.equal(
      alone.facts.at(-1)?.value,
      '4.3.1, tasks can reach each other',
      'and names no runtime where it has none',
    );
  });

  it('bounds what a launch may ask for', () => {
    const { properties } = options({ ...conf, memory: 1e12 }, describeHost(readMachine(answers), [engine])) as {
      properties: Record<string, Record<string, number>>;
    };
    assert.equal(properties['memory']?.['maximum'], 24_683_656 * 1024);
    assert.equal(properties['memory']?.['default'], 24_683_656 * 1024, 'no default beyond the maximum');
    assert.equal(properties['cpus']?.['maximum'], 2);
  });

  it('without limits offers none', () => {
    const unlimited = { ...engine, status: { ...status, limits: false } };
    assert.deepEqual(options(conf, describeHost(readMachine(answers), [unlimited]))['properties'], {});
  });
});

describe('settings of a resource', () => {
  it('have defaults', () => {
    const own = { openInterfaces: 'warn', shared: false };
    assert.deepEqual(conf, { engines: ['podman', 'docker'], grace: 10, ...own });
  });
});
