import assert from 'node:assert/strict';
import type { Observation } from '@stele/sdk';
import { judge, judgeGone, unschedulableWords } from './judge.ts';
import { type PodSeen, readPod } from './seen.ts';

const key = 'abcdefghij012345';
const now = Date.parse('2030-01-01T00:05:00Z');
const from = '2030-01-01T00:00:00Z';
const to = '2030-01-01T00:01:00Z';
const recent = '2030-01-01T00:04:30Z';
const long = '2029-12-31T23:00:00Z';
const digest = `sha256:${'0'.repeat(64)}`;

interface Parts {
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
  /** State of the container. */
  readonly state?: object;
  readonly lastState?: object;
}

/** A pod on a node, as the API shows it. */
function pod({ metadata, spec, status, state, lastState }: Parts): PodSeen {
  const container = { name: 'task', state, lastState, imageID: `localhost/a@${digest}` };
  const seen = readPod({
    metadata: {
      ...{ name: `stele-${key}`, namespace: 'stele', uid: 'u', resourceVersion: '7', labels: { 'stele.task': key } },
      ...metadata,
    },
    spec: {
      nodeName: 'node1',
      containers: [{ name: 'task', ports: [{ name: 'interface', containerPort: 80 }] }],
      ...spec,
    },
    status: {
      ...{ phase: 'Pending', startTime: from, conditions: [] },
      ...(state === undefined ? {} : { containerStatuses: [{ name: 'istio-proxy' }, container] }),
      ...status,
    },
  });
  assert(seen !== undefined);
  return seen;
}

const waiting = (reason: string, message = '', status: object = {}): PodSeen =>
  pod({ state: { waiting: { reason, message } }, status });
const terminated = (fields: object, parts: Parts = {}): PodSeen =>
  pod({
    ...parts,
    state: { terminated: { startedAt: from, finishedAt: to, ...fields } },
    status: { phase: 'Failed', ...parts.status },
  });
const running = (parts: Parts = {}): PodSeen =>
  pod({ ...parts, state: { running: { startedAt: from } }, status: { phase: 'Running', ...parts.status } });
const scheduled = (reason: string, message: string): PodSeen =>
  pod({
    spec: { nodeName: undefined },
    status: { startTime: undefined, conditions: [{ type: 'PodScheduled', status: 'False', reason, message }] },
  });
const disrupted = (reason: string): Parts => ({
  status: { conditions: [{ type: 'DisruptionTarget', status: 'True', reason, message: 'm' }] },
});
const notReady = {
  conditions: [
    { type: 'Ready', status: 'False' },
    { type: 'ContainersReady', status: 'True' },
  ],
};
const overtime = { status: { phase: 'Failed', reason: 'DeadlineExceeded' } };
const asked = { annotations: { 'stele.cancelled-at': to } };

/** What is expected of an observation: the phase or the outcome, and a part of the reason. */
type Expected = readonly [phase: Observation['phase'], outcome: string | undefined, reason: RegExp | undefined];

const cases: readonly (readonly [string, PodSeen, Expected])[] = [
  ['new', pod({ spec: { nodeName: undefined } }), ['queued', undefined, /Waiting for a node/]],
  [
    'too large for any node',
    scheduled('Unschedulable', '0/1 nodes are available: 1 Insufficient memory.'),
    ['queued', undefined, /enough memory free/],
  ],
  ['held by a gate', scheduled('SchedulingGated', ''), ['held', undefined, /holds it back/]],
  ['on its way to a node', pod({}), ['starting', undefined, /fetches the image/]],
  ['being made', waiting('ContainerCreating'), ['starting', undefined, /fetches the image/]],
  [
    'without an image',
    waiting('ErrImagePull', 'rpc error: code = NotFound desc = … not found', { startTime: recent }),
    ['starting', undefined, /no such image.*tried again/],
  ],
  ['without an image for long', waiting('ErrImagePull', 'manifest unknown'), ['ended', 'rejected', /no such image/]],
  [
    'with an image that asks for a log-in',
    waiting('ErrImagePull', 'pull access denied', { startTime: recent }),
    ['starting', undefined, /log-in/],
  ],
  [
    'with a registry that is away',
    waiting('ErrImagePull', 'dial tcp 10.0.0.1:443: connect: connection refused'),
    ['starting', undefined, /registry doesn’t answer/],
  ],
  [
    'with a registry that is away for long',
    waiting('ErrImagePull', 'dial tcp 10.0.0.1:443: connect: connection refused', { startTime: long }),
    ['ended', 'rejected', /registry doesn’t answer/],
  ],
  [
    'between two pulls',
    waiting('ImagePullBackOff', 'Back-off pulling image "a"'),
    ['starting', undefined, /could not fetch the image/],
  ],
  [
    'with a name that is none',
    waiting('InvalidImageName', "couldn't parse image reference"),
    ['ended', 'rejected', /no name of an image/],
  ],
  [
    'with an image of root',
    waiting('CreateContainerConfigError', 'container has runAsNonRoot and image will run as root'),
    ['ended', 'rejected', /run as root/],
  ],
  [
    'without its secret yet',
    waiting('CreateContainerConfigError', 'secret "x" not found'),
    ['starting', undefined, /tried again/],
  ],
  [
    'without its secret for long',
    waiting('CreateContainerConfigError', 'secret "x" not found', { startTime: long }),
    ['ended', 'rejected', /can’t make the container/],
  ],
  [
    'without its program',
    waiting('CreateContainerError', 'exec: "x": executable file not found in $PATH'),
    ['ended', 'rejected', /can’t be run/],
  ],
  [
    'crashing',
    pod({ state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 3 } } }),
    ['ended', 'failed', /exit code 3/],
  ],
  ['running', running(), ['running', undefined, undefined]],
  ['running, asked to end', running({ metadata: asked }), ['stopping', undefined, undefined]],
  [
    'running, being deleted by somebody',
    running({ metadata: { deletionTimestamp: to } }),
    ['stopping', undefined, /outside of Stele/],
  ],
  ['running on a node that is silent', running({ status: notReady }), ['unknown', undefined, /node1.*doesn’t answer/]],
  [
    'given up with its node',
    running({ metadata: { deletionTimestamp: to }, status: notReady }),
    ['ended', 'node-failed', /given the task up/],
  ],
  [
    'lost with its node',
    pod({ status: { phase: 'Failed', reason: 'NodeLost' } }),
    ['ended', 'node-failed', /node was lost/],
  ],
  ['unknown', pod({ status: { phase: 'Unknown' } }), ['unknown', undefined, /doesn’t answer/]],
  ['completed', terminated({ exitCode: 0 }, { status: { phase: 'Succeeded' } }), ['ended', 'completed', undefined]],
  [
    'completed, and said so of its container alone yet',
    terminated({ exitCode: 0 }, { status: { phase: 'Running' } }),
    ['ended', 'completed', undefined],
  ],
  [
    'completed before it was asked to end',
    terminated({ exitCode: 0 }, { metadata: asked }),
    ['ended', 'completed', undefined],
  ],
  ['failed', terminated({ exitCode: 3 }), ['ended', 'failed', /exit code 3/]],
  ['killed', terminated({ exitCode: 143 }), ['ended', 'failed', /signal 15/]],
  ['out of memory', terminated({ exitCode: 137, reason: 'OOMKilled' }), ['ended', 'out-of-memory', /more memory/]],
  [
    'over its time, its container not ended yet',
    running({ ...overtime, spec: { activeDeadlineSeconds: 295, terminationGracePeriodSeconds: 10 } }),
    ['stopping', undefined, undefined],
  ],
  [
    'over its time, and its node never says that its container was killed',
    running({ ...overtime, spec: { activeDeadlineSeconds: 60, terminationGracePeriodSeconds: 10 } }),
    ['ended', 'timed-out', /time limit/],
  ],
  [
    'asked to end, its container not ended yet',
    running({ ...overtime, metadata: { annotations: { 'stele.cancelled-at': '2030-01-01T00:04:58Z' } } }),
    ['stopping', undefined, undefined],
  ],
  [
    'asked to end, and its node never says that its container was killed',
    running({ ...overtime, metadata: asked }),
    ['ended', 'cancelled', /on request/],
  ],
  [
    'over its time',
    terminated({ exitCode: 137 }, { status: { reason: 'DeadlineExceeded' } }),
    ['ended', 'timed-out', /time limit/],
  ],
  [
    'over the time that a stop gave it',
    terminated({ exitCode: 137 }, { metadata: asked, status: { reason: 'DeadlineExceeded' } }),
    ['ended', 'cancelled', /on request/],
  ],
  [
    'evicted',
    pod({ status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' } }),
    ['ended', 'preempted', /low on resource/],
  ],
  [
    'preempted',
    terminated({ exitCode: 143 }, disrupted('PreemptionByScheduler')),
    ['ended', 'preempted', /more important/],
  ],
  [
    'on a node that was taken out',
    terminated({ exitCode: 143 }, disrupted('DeletionByTaintManager')),
    ['ended', 'node-failed', /out of service/],
  ],
  [
    'on a node that was cleared',
    terminated({ exitCode: 143 }, disrupted('EvictionByEvictionAPI')),
    ['ended', 'preempted', /cleared the node/],
  ],
  [
    'on a node that was shut down',
    pod({ status: { phase: 'Failed', reason: 'Terminated', message: 'imminent node shutdown' } }),
    ['ended', 'node-failed', /shut down/],
  ],
  ['refused by its node', pod({ status: { phase: 'Failed', reason: 'OutOfcpu' } }), ['ended', 'rejected', /no room/]],
  [
    'not startable',
    terminated({ exitCode: 128, reason: 'StartError', message: 'exec format error' }),
    ['ended', 'rejected', /could not start/],
  ],
  ['failed without a word', pod({ status: { phase: 'Failed' } }), ['ended', 'failed', /The pod failed\.$/]],
];

describe('a pod says of its task that it is', () => {
  for (const [what, seen, [phase, outcome, reason]] of cases) {
    it(`${phase}${outcome === undefined ? '' : ` (${outcome})`} when it is ${what}`, () => {
      const observation = judge(seen, now);
      assert.deepEqual(
        [observation.phase, 'outcome' in observation ? observation.outcome : undefined],
        [phase, outcome],
      );
      const words = 'reason' in observation ? observation.reason : undefined;
      if (reason === undefined) assert.equal(words, undefined);
      else assert.match(words ?? '', reason);
    });
  }

  it('running since then, there, with that image', () => {
    assert.deepEqual(judge(running(), now), {
      phase: 'running',
      ref: `stele/stele-${key}`,
      startedAt: from,
      digest,
      nodes: ['node1'],
    });
  });

  it('ended then, with that code', () => {
    assert.deepEqual(judge(terminated({ exitCode: 3 }), now), {
      phase: 'ended',
      outcome: 'failed',
      reason: 'The task ended with exit code 3.',
      ref: `stele/stele-${key}`,
      exitCode: 3,
      startedAt: from,
      endedAt: to,
      digest,
      nodes: ['node1'],
    });
  });
});

describe('a pod that is gone says of its task that', () => {
  const goneCases: readonly (readonly [string, PodSeen, string, RegExp])[] = [
    ['it was removed outside of Stele', running(), 'cancelled', /outside of Stele/],
    ['it was stopped', running({ metadata: asked }), 'cancelled', /on request/],
    ['its node was lost', running({ status: notReady }), 'node-failed', /was lost/],
    ['it had failed before', terminated({ exitCode: 3 }), 'failed', /exit code 3/],
  ];
  for (const [what, seen, outcome, reason] of goneCases) {
    it(what, () => {
      const observation = judgeGone(seen);
      assert(observation.phase === 'ended');
      assert.equal(observation.outcome, outcome);
      assert.match(observation.reason ?? '', reason);
    });
  }
});

describe('why no node takes a pod', () => {
  const words: readonly (readonly [string, RegExp])[] = [
    ['0/2 nodes are available: 1 Insufficient cpu, 2 Insufficient memory.', /enough memory and processors/],
    ['0/2 nodes are available: 2 Insufficient nvidia.com/gpu.', /enough GPUs/],
    ["0/2 nodes are available: 2 node(s) didn't match node selector.", /kind that this task needs/],
    ["0/2 nodes are available: 2 node(s) had taint {a: b}, that the pod didn't tolerate.", /kept for other tasks/],
    ['persistentvolumeclaim "x" not found', /volume/],
    ['something new', /no node can take/],
  ];
  for (const [message, expected] of words) it(message, () => assert.match(unschedulableWords(message), expected));
});

describe('what isn’t a task’s pod', () => {
  for (const other of [
    undefined,
    3,
    {},
    { metadata: { name: 'x', labels: {} } },
    { metadata: { name: 'stele-b', labels: { 'stele.task': key } } },
  ]) {
    it(JSON.stringify(other) ?? 'nothing', () => assert.equal(readPod(other), undefined));
  }
});
