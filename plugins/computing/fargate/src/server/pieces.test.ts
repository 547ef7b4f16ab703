import assert from 'node:assert/strict';
import type { Task } from '@aws-sdk/client-ecs';
import { accessKeysOf, accessKeysSchema, type Json, type JsonObject, type Launch, type PluginStore } from '@stele/sdk';
import { Value } from 'typebox/value';
import { settingsOf } from './aws/settings.ts';
import { Cleared } from './cleared.ts';
import { conf, confOf } from './conf.ts';
import { descriptionOf, optionsOf } from './description.ts';
import { definitionOf } from './launch/definition.ts';
import { checkLaunch, previewOf, runRequest } from './launch/request.ts';
import { observationOf } from './observe/observation.ts';
import { addressOf } from './reach.ts';
import { parseRef, refOf } from './ref.ts';
import { memoryFor, unitsOf } from './sizes.ts';

const given: JsonObject = {
  region: 'eu-central-1',
  subnets: ['subnet-0123456789abcdef0'],
  securityGroups: ['sg-0123456789abcdef0'],
  networks: ['10.0.0.0/16'],
  executionRole: 'arn:aws:iam::123456789012:role/ecs',
};
const settings = confOf({ conf: given });

const launch: Launch = {
  key: 'abcdefghijklmnop',
  name: 'notebook',
  image: { registry: 'docker.io', repository: 'library/debian', tag: '13' },
  interface: { port: 8888, protocol: 'http', transport: 'tcp' },
  env: { AUTH_PASS: 'canary', A: 'b' },
  binds: [],
  options: {},
};

const id = '0123456789abcdef0123456789abcdef';
const taskArn = `arn:aws:ecs:eu-central-1:123456789012:task/default/${id}`;
const at = (seconds: number): Date => new Date(1_764_337_000_000 + seconds * 1_000);

describe('settings of a Fargate resource', () => {
  it('have defaults', () => {
    const { cluster, logGroup, cpus, grace, assignPublicIp } = settings;
    assert.deepEqual([cluster, logGroup, cpus, grace, assignPublicIp], ['default', '/stele/tasks', 1, 30, false]);
    assert(Value.Check(conf, { ...settings }));
  });

  for (const [what, change] of [
    ['no networks', { networks: [] }],
    ['no subnets', { subnets: [] }],
    ['no security group', { securityGroups: [] }],
    ['a role that is none', { executionRole: 'admin' }],
    ['a region with more in it', { region: 'eu-central-1.evil.example' }],
    ['an endpoint with a path', { endpoint: 'https://a/b' }],
    ['processors that there aren’t', { cpus: 3 }],
    ['a setting that there isn’t', { user: 'x' }],
  ] as const) {
    it(`can’t have ${what}`, () => assert(!Value.Check(conf, { ...settings, ...change })));
  }

  it('lead past TLS on this machine alone', () => {
    const opened = (endpoint: string) => settingsOf({ ...settings, endpoint }, undefined).endpoint;
    assert.equal(opened('http://127.0.0.1:15090'), 'http://127.0.0.1:15090');
    assert.throws(() => opened('http://ecs.example'), { field: 'conf.endpoint' });
  });

  it('know keys, with a session or without', () => {
    const pair = { accessKeyId: 'AKIA', secretAccessKey: 'secret' };
    assert(Value.Check(accessKeysSchema, pair));
    assert.deepEqual(accessKeysOf(pair), pair);
    assert.deepEqual(accessKeysOf({ ...pair, sessionToken: 't' }), { ...pair, sessionToken: 't' });
  });
});

describe('sizes', () => {
  for (const [cpus, least, most, count] of [
    [0.25, 0.5, 2, 3],
    [0.5, 1, 4, 4],
    [1, 2, 8, 7],
    [2, 4, 16, 13],
    [4, 8, 30, 23],
    [8, 16, 60, 12],
    [16, 32, 120, 12],
  ] as const) {
    it(`go with ${cpus} processors`, () => {
      const memory = memoryFor(cpus);
      assert.deepEqual([memory[0], memory.at(-1), memory.length], [least, most, count]);
    });
  }

  it('are given in the units of ECS', () => assert.deepEqual(unitsOf(0.25, 0.5), { cpu: '256', memory: '512' }));

  it('are what a launch may ask for, and no more', () => {
    const offer = { ...settings, mostCpus: 2 };
    const cluster = { name: 'c', running: 0, pending: 0, hasSpot: false };
    const schema = optionsOf(offer, descriptionOf(offer, cluster));
    const isFine = (options: JsonObject): boolean => Value.Check(schema, options);
    const fine: JsonObject[] = [
      {},
      { cpus: 1, memory: 8 },
      { cpus: 0.25, memory: 0.5 },
      { cpus: 2, memory: 4, disk: 50 },
    ];
    for (const options of fine) assert(isFine(options), JSON.stringify(options));
    const wrong: JsonObject[] = [
      { cpus: 1, memory: 9 },
      { cpus: 3 },
      { cpus: 4 },
      { disk: 20 },
      { spot: true },
      { gpus: 1 },
    ];
    for (const options of wrong) assert(!isFine(options), JSON.stringify(options));
  });
});

describe('a task definition', () => {
  it('is one for everybody who runs the same', () => {
    const others = { ...launch, key: 'ponmlkjihgfedcba', name: 'other', env: { AUTH_PASS: 'x' }, options: { cpus: 4 } };
    assert.deepEqual(definitionOf(others, settings), definitionOf(launch, settings));
    assert.match(definitionOf(launch, settings).family, /^stele-[0-9a-f]{32}$/);
  });

  for (const [what, parts, change] of [
    ['tag', { image: { ...launch.image, tag: '12' } }, {}],
    ['digest', { image: { ...launch.image, digest: `sha256:${'a'.repeat(64)}` } }, {}],
    ['architecture', { architecture: 'arm64' }, {}],
    ['port', { interface: { ...launch.interface, port: 80 } }, {}],
    ['role', {}, { executionRole: 'arn:aws:iam::123456789012:role/other' }],
    ['log group', {}, { logGroup: '/other' }],
  ] as const) {
    it(`is another for another ${what}`, () => {
      const other = definitionOf({ ...launch, ...parts }, { ...settings, ...change });
      assert.notEqual(other.family, definitionOf(launch, settings).family);
    });
  }

  it('is refused for an architecture that Fargate hasn’t', () => {
    assert.throws(() => definitionOf({ ...launch, architecture: 'riscv64' }, settings), { field: 'architecture' });
  });
});

describe('a request to run', () => {
  it('is the same for the same launch', () => {
    const turned = { ...launch, env: { A: 'b', AUTH_PASS: 'canary' } };
    assert.deepEqual(runRequest(turned, settings, 'arn'), runRequest(launch, settings, 'arn'));
  });

  it('bears the task’s key where ECS looks, and gives the least memory', () => {
    const request = runRequest({ ...launch, options: { cpus: 2 } }, settings, 'arn');
    assert.deepEqual([request.clientToken, request.startedBy], [launch.key, `stele-${launch.key}`]);
    assert.deepEqual([request.overrides?.cpu, request.overrides?.memory], ['2048', '4096']);
    assert.equal(request.launchType, 'FARGATE');
  });

  it('asks for a spare machine', () => {
    const request = runRequest({ ...launch, options: { spot: true } }, settings, 'arn');
    assert.equal(request.launchType, undefined);
    assert.deepEqual(request.capacityProviderStrategy, [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }]);
  });

  it('is refused when its environment is longer than ECS takes', () => {
    const env = { A: 'x'.repeat(4_096), B: 'x'.repeat(4_096) };
    assert.throws(() => runRequest({ ...launch, env }, settings, 'arn'), { code: 'INVALID', field: 'env' });
  });

  for (const [what, parts, field] of [
    ['UDP', { interface: { ...launch.interface, transport: 'udp' } }, 'interface'],
    ['folders', { binds: [{ source: '/a', target: '/b', readOnly: false }] }, 'binds'],
    ['a password for the registry', { credentials: { username: 'u', password: 'p' } }, 'image'],
  ] as const) {
    it(`is refused with ${what}`, () => assert.throws(() => checkLaunch({ ...launch, ...parts }), { field }));
  }

  it('is shown without values of the environment', () => {
    const { text } = previewOf(launch, settings);
    assert(!text.includes('canary') && text.includes('AUTH_PASS') && text.includes(launch.key));
  });
});

describe('a reference', () => {
  it('is read as it was written, and the same with either form of an ARN', () => {
    const ref = refOf({ taskArn, createdAt: at(0.4) });
    assert.deepEqual(parseRef(ref), { id, madeAt: 1_764_337_000 });
    assert.equal(refOf({ taskArn: taskArn.replace('task/default/', 'task/'), createdAt: at(0.4) }), ref);
    assert.deepEqual(parseRef(refOf({ taskArn })), { id });
  });
});

describe('a task of ECS', () => {
  for (const [what, parts, phase, words] of [
    ['gets its network', { lastStatus: 'PROVISIONING' }, 'starting', /network/],
    ['waits for a machine', { lastStatus: 'PENDING' }, 'starting', /machine/],
    ['fetches its image', { lastStatus: 'PENDING', pullStartedAt: at(1) }, 'starting', /image/],
    ['is about to run', { lastStatus: 'ACTIVATING' }, 'starting', /start/],
    ['runs', { lastStatus: 'RUNNING', desiredStatus: 'RUNNING' }, 'running', undefined],
    ['was asked to end', { lastStatus: 'RUNNING', desiredStatus: 'STOPPED' }, 'stopping', undefined],
    ['was asked to end before it ran', { lastStatus: 'PENDING', desiredStatus: 'STOPPED' }, 'stopping', undefined],
    ['gives its network back', { lastStatus: 'DEPROVISIONING' }, 'stopping', undefined],
    [
      'has ended',
      { lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited', containers: [{ exitCode: 0 }] },
      'ended',
      undefined,
    ],
    ['is deleted', { lastStatus: 'DELETED' }, 'absent', undefined],
    ['is as nobody knows', { lastStatus: 'DREAMING' }, 'unknown', /DREAMING/],
  ] as const) {
    it(`${what}: ${phase}`, () => {
      const seen = observationOf({ taskArn, createdAt: at(0), ...parts } as Task);
      assert.equal(seen.phase, phase);
      if (words) assert.match('reason' in seen ? (seen.reason ?? '') : '', words);
    });
  }

  it('tells when its container ended, not its machine', () => {
    const containers = [{ name: 'task', exitCode: 3, imageDigest: 'sha256:x' }];
    const times = { startedAt: at(1), executionStoppedAt: at(2), stoppedAt: at(30) };
    const seen = observationOf({
      taskArn,
      lastStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      containers,
      ...times,
    });
    assert.deepEqual(seen, {
      phase: 'ended',
      ref: id,
      outcome: 'failed',
      reason: 'The task ended with exit code 3.',
      detail: 'EssentialContainerExited',
      exitCode: 3,
      startedAt: at(1).toISOString(),
      endedAt: at(2).toISOString(),
      digest: 'sha256:x',
    });
  });

  it('is reached at the address of its own interface', () => {
    const details = [
      { name: 'subnetId', value: 's' },
      { name: 'privateIPv4Address', value: '10.0.0.9' },
    ];
    assert.equal(addressOf({ attachments: [{ type: 'ElasticNetworkInterface', details }] }), '10.0.0.9');
    const networkInterfaces = [{ privateIpv4Address: '10.0.0.8' }];
    assert.equal(addressOf({ containers: [{ networkInterfaces }] }), '10.0.0.8');
    assert.equal(addressOf({}), undefined);
  });
});

describe('tasks that were cleaned up', () => {
  const { signal } = new AbortController();

  const values = new Map<string, Json>();
  const kept: PluginStore = {
    get: async (key) => values.get(key),
    set: async (key, value) => void values.set(key, value),
    delete: async (key) => void values.delete(key),
  };
  beforeEach(() => values.clear());

  it('are remembered for as long as ECS may show them, in all processes', async () => {
    let minute = 0;
    await new Cleared(kept, () => minute).add('r', id, signal);
    minute = 100;
    await new Cleared(kept, () => minute).add('r', 'f'.repeat(32), signal);
    assert.deepEqual([...(await new Cleared(kept, () => minute).of('r', [id, 'e'.repeat(32)]))], [id]);
    assert.equal((await new Cleared(kept, () => minute).of('other', [id])).size, 0);
    minute = 130;
    await new Cleared(kept, () => minute).add('r', 'd'.repeat(32), signal);
    assert.equal((await new Cleared(kept, () => minute).of('r', [id])).size, 0);
  });

  it('are all remembered when many come at once, as far as a value has room', async () => {
    const cleared = new Cleared(kept, () => 0);
    const ids = Array.from({ length: 50 }, (_, number) =>
      String(number).padStart(32, '0').split('').reverse().join(''),
    );
    await Promise.all(ids.map((one) => cleared.add('r', one, signal)));
    assert.equal((await cleared.of('r', ids)).size, 50);
    const full = Object.fromEntries(
      Array.from({ length: 1_800 }, (_, number) => [number.toString(16).padStart(16, '0'), 1]),
    );
    await kept.set('cleared/r', full);
    await cleared.add('r', id, signal);
    assert(JSON.stringify(values.get('cleared/r')).length < 65_536);
  });
});
