import assert from 'node:assert/strict';
import { hasCode, type SteleError } from '@stele/sdk';
import { testUser } from '@stele/sdk/testing';
import { linesOf } from './api/bodies.ts';
import { failureOf, statusOf } from './api/failures.ts';
import { targetOf } from './api/request.ts';
import { conf as confSchema, confOf } from './conf.ts';
import { describe as described } from './description.ts';
import { namespaceOf, parseRef, withoutUnderscores } from './names.ts';
import { imageTrouble } from './pod/image-trouble.ts';
import { options } from './pod/options.ts';
import type { PodSeen } from './pod/seen.ts';
import { amountOf } from './quantity.ts';
import { readEvent } from './watch/events.ts';
import { PodStore } from './watch/store.ts';

const key = 'abcdefghij012345';
const conf = confOf({ conf: {} });

function invalid(work: () => unknown): SteleError {
  try {
    work();
  } catch (error) {
    assert(hasCode(error, 'INVALID'), String(error));
    return error;
  }
  return assert.fail('must be refused');
}

describe('names in a cluster', () => {
  for (const [user, namespace] of [
    ['ada', 'stele-ada'],
    ['ada-lovelace', 'stele-ada-lovelace'],
    ['ada_lovelace', 'stele-ada-ulovelace'],
    ['ada-ulovelace', 'stele-ada-hulovelace'],
    ['max-headroom', 'stele-max-hheadroom'],
    ['ada-', 'stele-ada-h'],
    ['ada_', 'stele-ada-u'],
    ['a-_b', 'stele-a-h-ub'],
    ['a--b', 'stele-a-h-b'],
  ] as const) {
    it(`${user} has ${namespace}`, () => {
      assert.equal(namespaceOf('stele-$USER', { ...testUser, name: user }), namespace);
    });
  }

  it('are never shared by two users', () => {
    const letters = ['a', 'u', 'h', '-', '_'];
    const users = letters.flatMap((a) =>
      letters.flatMap((b) => letters.flatMap((c) => letters.map((d) => `x${a}${b}${c}${d}`))),
    );
    assert.equal(new Set(users.map(withoutUnderscores)).size, users.length);
  });

  it('are refused where they can’t be', () => {
    for (const template of ['-a', 'a-', 'x'.repeat(64), `$USER${'x'.repeat(61)}`, '']) {
      assert.equal(invalid(() => namespaceOf(template, testUser)).field, 'conf.namespace');
    }
    invalid(() => namespaceOf('$USER', { kind: 'platform' }));
  });

  for (const wrong of [
    '',
    '--all',
    `a/b/stele-${key}`,
    `A/stele-${key}`,
    `a/stele-${key}\n`,
    `../stele-${key}`,
    `a-/stele-${key}`,
  ]) {
    it(`no reference is ${JSON.stringify(wrong)}`, () => void invalid(() => parseRef(wrong)));
  }
});

describe('what the API says', () => {
  const status = (code: number, reason: string, message: string) =>
    failureOf(statusOf(code, JSON.stringify({ kind: 'Status', reason, message })), 'here');
  const quota =
    'pods "stele-a" is forbidden: exceeded quota: small, requested: limits.memory=32Mi, used: limits.memory=64Mi, limited: limits.memory=64Mi';
  for (const [error, code, says] of [
    [
      status(403, 'Forbidden', quota),
      'LIMIT',
      /quota “small”.*of limits.memory=64Mi, limits.memory=64Mi is in use.*needs limits.memory=32Mi/,
    ],
    [status(403, 'Forbidden', 'pods "a" is forbidden: User "x" cannot create'), 'DENIED', /doesn’t allow this/],
    [
      status(403, 'Forbidden', 'pods "a" is forbidden: maximum memory usage per Container is 1Gi, but limit is 2Gi'),
      'INVALID',
      /limits don’t allow/,
    ],
    [
      status(403, 'Forbidden', 'pods "a" is forbidden: violates PodSecurity "restricted:latest": x'),
      'INVALID',
      /rules for the security/,
    ],
    [status(403, 'Forbidden', 'unable to create: namespace x is being terminated'), 'CONFLICT', /being removed/],
    [status(401, 'Unauthorized', 'Unauthorized'), 'DENIED', /credentials/],
    [status(404, 'NotFound', 'pods "a" not found'), 'NOT_FOUND', /not found/],
    [status(409, 'AlreadyExists', 'pods "a" already exists'), 'CONFLICT', /already exists/],
    [status(410, 'Expired', 'too old'), 'CONFLICT', /far back/],
    [status(422, 'Invalid', 'Pod "a" is invalid: spec.x'), 'INVALID', /spec\.x/],
    [status(429, 'TooManyRequests', 'x'), 'UNREACHABLE', /come back later/],
    [status(500, 'InternalError', 'etcd'), 'UNREACHABLE', /in trouble \(500\): etcd/],
    [failureOf(statusOf(502, '<html>'), 'here'), 'UNREACHABLE', /in trouble \(502\)/],
    [failureOf(statusOf(302, ''), 'here'), 'PROTOCOL', /302/],
  ] as const) {
    it(`${error.message} is ${code}`, () => {
      assert.equal(error.code, code);
      assert.match(error.message, says);
    });
  }

  it('is asked at its own place', () => {
    const request = { method: 'GET', path: '/api', query: { a: 'b&c', d: undefined, e: 1, f: true } } as const;
    assert.equal(targetOf('/k8s/c-1', request), '/k8s/c-1/api?a=b%26c&e=1&f=true');
    assert.equal(targetOf('', { method: 'GET', path: '/api' }), '/api');
  });

  it('comes line by line, however it is cut; what was cut off is no line', async () => {
    const text = Buffer.from('{"ä":1}\n\n{"b":2}\n{"cut"');
    for (const size of [1, 2, 3, 7, 100]) {
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, at) =>
        text.subarray(at * size, (at + 1) * size),
      );
      assert.deepEqual(await Array.fromAsync(linesOf(from(chunks))), ['{"ä":1}', '{"b":2}']);
    }
  });

  it('is known event by event', () => {
    const object = {
      metadata: { name: `stele-${key}`, namespace: 'a', uid: 'u', resourceVersion: '5', labels: { 'stele.task': key } },
    };
    const event = (type: string, what: object = object) => readEvent(JSON.stringify({ type, object: what }));
    assert.deepEqual(
      ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'].map((type) => event(type).kind),
      ['there', 'there', 'gone', 'mark'],
    );
    assert.equal(event('ADDED', { metadata: { resourceVersion: '6' } }).kind, 'mark');
    assert.equal(event('ERROR', { code: 410 }).kind, 'expired');
    assert.throws(() => event('ERROR', { code: 500, message: 'm' }), /ended the watch: m/);
    assert.throws(() => event('ADDED', {}), /without a version/);
  });
});

async function* from(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

describe('why an image can’t be had', () => {
  const trouble = (reason: string, message: string) => imageTrouble({ waiting: { reason, message } } as PodSeen)?.code;
  for (const [reason, message, code] of [
    ['ErrImagePull', 'failed to resolve reference "a/b:1": a/b:1: not found', 'NOT_FOUND'],
    ['ErrImagePull', 'pull access denied for a, repository does not exist or may require authorization', 'DENIED'],
    [
      'ErrImagePull',
      'failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized',
      'DENIED',
    ],
    ['ErrImagePull', 'no match for platform in manifest', 'NOT_FOUND'],
    ['ErrImagePull', 'dial tcp: lookup x: no such host', 'UNREACHABLE'],
    ['ErrImageNeverPull', 'Container image is not present with pull policy of Never', 'NOT_FOUND'],
    ['InvalidImageName', 'x', 'INVALID'],
    ['ContainerCreating', '', undefined],
  ] as const) {
    it(`${reason}: ${message}`, () => assert.equal(trouble(reason, message), code));
  }
});

describe('what is known of pods', () => {
  const pod = (parts: Partial<PodSeen> = {}): PodSeen => ({
    ...{ namespace: 'a', name: `stele-${key}`, key, uid: 'u', version: '5', phase: 'Running', reason: '', message: '' },
    conditions: {},
    ...parts,
  });
  const place = { namespace: 'a', name: `stele-${key}` };

  it('is what was seen last, in whatever order it was told', () => {
    const store = new PodStore();
    store.put(pod({ version: '10' }));
    store.put(pod({ version: '9', phase: 'Pending' }));
    assert.equal(store.get(place)?.phase, 'Running');
    store.put(pod({ version: '2', uid: 'another', phase: 'Pending' }));
    assert.equal(store.get(place)?.phase, 'Pending', 'a pod of the same name that was made anew');
  });

  it('remembers who was lost, and nobody whom we removed', () => {
    const store = new PodStore();
    store.put(pod());
    store.lose(pod({ version: '6' }));
    assert.deepEqual([store.get(place), store.gone(place)?.uid], [undefined, 'u']);
    store.put(pod({ uid: 'v' }));
    assert.equal(store.gone(place), undefined);
    store.remove(place, 'v');
    store.put(pod({ uid: 'v', version: '99' }));
    store.lose(pod({ uid: 'v', version: '100' }));
    assert.deepEqual([store.get(place), store.gone(place)], [undefined, undefined], 'late news');
  });

  it('loses whoever isn’t on a list, unless that pod is newer', () => {
    const store = new PodStore();
    store.put(pod({ version: '5' }));
    store.put(pod({ name: 'b', uid: 'b', version: '8' }));
    store.replace([], '7');
    assert.deepEqual(
      [store.get(place), store.gone(place)?.uid, store.get({ namespace: 'a', name: 'b' })?.uid],
      [undefined, 'u', 'b'],
    );
  });

  it('knows of a pod without a node that it was we who asked for its end', () => {
    const store = new PodStore();
    store.lose(pod({ cancelledAt: 'then' }));
    store.lose(pod());
    assert.equal(store.gone(place)?.cancelledAt, 'then');
  });
});

describe('amounts', () => {
  for (const [text, amount] of [
    ['2', 2],
    ['500m', 0.5],
    ['16Gi', 16 * 1024 ** 3],
    ['1.5G', 1.5e9],
    ['1e3', 1000],
    ['128974848', 128_974_848],
    ['', 0],
    [undefined, 0],
    ['x', 0],
    ['1Zi', 0],
  ] as const) {
    it(`${text} is ${amount}`, () => assert.equal(amountOf(text), amount));
  }
});

describe('a cluster', () => {
  const node = (architecture: string, memory: string, parts: object = {}) => ({
    metadata: { labels: { pool: 'a' } },
    status: {
      allocatable: { memory, cpu: '3900m', 'nvidia.com/gpu': '2' },
      nodeInfo: { architecture },
      conditions: [{ type: 'Ready', status: 'True' }],
    },
    ...parts,
  });
  const answers = {
    version: { gitVersion: 'v1.31.2' },
    nodes: {
      items: [node('arm64', '8Gi'), node('amd64', '16Gi'), node('amd64', '16Gi', { spec: { unschedulable: true } })],
    },
    runtimeClasses: { items: [{ metadata: { name: 'kata' } }] },
    quotas: { items: [{ metadata: { name: 'q' }, status: { hard: { cpu: '4' }, used: { cpu: '1' } } }] },
  };

  it('is described for people, and bounds what a launch may ask for', () => {
    const description = described(answers, conf, { where: 'here', watchAge: 3 });
    assert.deepEqual(description.architectures, ['amd64', 'arm64']);
    assert.deepEqual(description.engines, [{ id: 'kubernetes', runtimes: ['kata'] }]);
    assert.deepEqual(
      description.facts.map(({ label, value }) => `${label}: ${value}`),
      [
        'Kubernetes: v1.31.2 at here',
        'Namespace: stele',
        'Nodes: 2 of 3 ready: 8 cores, 24 GiB, 4 GPUs',
        'Way to tasks: through the cluster’s API',
        'Last news of tasks: 3 s ago',
        'Quota q: cpu 1 of 4',
      ],
    );
    const { properties } = options(conf, description) as { properties: Record<string, Record<string, number>> };
    assert.deepEqual(
      [properties['memory']?.['maximum'], properties['cpus']?.['maximum'], properties['gpus']?.['maximum']],
      [16 * 1024 ** 3, 3.9, 2],
    );
  });

  it('that doesn’t show its nodes has the architectures that its settings name, and no bounds', () => {
    const description = described({ version: {} }, { ...conf, architectures: ['arm64'] }, { where: 'here' });
    assert.deepEqual([description.architectures, description.detail], [['arm64'], { memory: 0, cpus: 0, gpus: 0 }]);
    const { properties } = options(conf, description) as { properties: Record<string, Record<string, number>> };
    assert.deepEqual([properties['memory']?.['maximum'], properties['gpus']], [undefined, undefined]);
  });

  it('counts those nodes alone that tasks may run on', () => {
    const { detail } = described(answers, { ...conf, nodeSelector: { pool: 'b' } }, { where: 'here' });
    assert.deepEqual(detail, { memory: 0, cpus: 0, gpus: 0 });
  });

  it('has a schema of settings whose kubeconfig is secret', () => {
    const { kubeconfig } = confSchema['properties'] as Record<string, Record<string, unknown>>;
    assert.deepEqual([kubeconfig?.['x-secret'], kubeconfig?.['x-multiline']], [true, true]);
  });
});
