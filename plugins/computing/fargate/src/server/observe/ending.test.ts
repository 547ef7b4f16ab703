import assert from 'node:assert/strict';
import { endingOf, type StopFacts, stopWords } from './ending.ts';
import { imageError, startFailure } from './start-failures.ts';

const facts = (parts: Partial<StopFacts>): StopFacts => ({
  ...{
    stopCode: undefined,
    stoppedReason: undefined,
    exitCode: undefined,
    containerReason: undefined,
    hasStarted: true,
  },
  ...parts,
});

const exited = 'Essential container in task exited';
const pull = 'CannotPullContainerError: pull image manifest has been retried 5 time(s):';

describe('how a task of Fargate ended', () => {
  for (const [what, parts, outcome] of [
    [
      'its program came to its end',
      { stopCode: 'EssentialContainerExited', stoppedReason: exited, exitCode: 0 },
      'completed',
    ],
    ['its program failed', { stopCode: 'EssentialContainerExited', stoppedReason: exited, exitCode: 3 }, 'failed'],
    ['a signal ended it', { stopCode: 'EssentialContainerExited', stoppedReason: exited, exitCode: 139 }, 'failed'],
    [
      'it needed more memory',
      {
        stopCode: 'EssentialContainerExited',
        stoppedReason: exited,
        exitCode: 137,
        containerReason: 'OutOfMemoryError: Container killed due to memory usage',
      },
      'out-of-memory',
    ],
    [
      'it was killed, and nobody says why',
      { stopCode: 'EssentialContainerExited', stoppedReason: exited, exitCode: 137 },
      'failed',
    ],
    [
      'somebody stopped it',
      { stopCode: 'UserInitiated', stoppedReason: 'Stopped on request.', exitCode: 143 },
      'cancelled',
    ],
    ['it ended well when it was stopped', { stopCode: 'UserInitiated', stoppedReason: 'x', exitCode: 0 }, 'cancelled'],
    ['it was stopped before it ran', { stopCode: 'UserInitiated', stoppedReason: 'x', hasStarted: false }, 'cancelled'],
    ['somebody’s words sound like maintenance', { stopCode: 'UserInitiated', stoppedReason: 'retired' }, 'cancelled'],
    ['a service scaled', { stopCode: 'ServiceSchedulerInitiated', stoppedReason: 'Scaling activity' }, 'cancelled'],
    [
      'spare capacity went',
      { stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.' },
      'preempted',
    ],
    ['its machine went', { stopCode: 'TerminationNotice', stoppedReason: 'x' }, 'node-failed'],
    [
      'its machine is mended',
      {
        stoppedReason: 'ECS is performing maintenance on the underlying infrastructure hosting the task.',
        exitCode: 143,
      },
      'node-failed',
    ],
    ['nobody knows', { stopCode: 'EssentialContainerExited', stoppedReason: exited }, 'node-failed'],
    [
      'it never started',
      { stopCode: 'TaskFailedToStart', stoppedReason: 'something new', hasStarted: false },
      'rejected',
    ],
    [
      'there was no room',
      { stopCode: 'TaskFailedToStart', stoppedReason: 'Capacity is unavailable at this time.', hasStarted: false },
      'rejected',
    ],
    [
      'it got no network',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'Timeout waiting for network interface provisioning to complete.',
        hasStarted: false,
      },
      'node-failed',
    ],
    [
      'its program isn’t there',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'Task failed to start',
        containerReason:
          'CannotStartContainerError: ResourceInitializationError: failed to create new container runtime task: exec: "x"',
        hasStarted: false,
      },
      'failed',
    ],
    [
      'its log can’t be written',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason:
          'ResourceInitializationError: failed to validate logger args: The task cannot find the Amazon CloudWatch log group',
        hasStarted: false,
      },
      'rejected',
    ],
    [
      'AWS broke',
      { stopCode: 'TaskFailedToStart', stoppedReason: 'InternalError: unable to do', hasStarted: false },
      'node-failed',
    ],
    [
      'its image isn’t there',
      { stopCode: 'TaskFailedToStart', stoppedReason: `${pull} x: not found`, hasStarted: false },
      'rejected',
    ],
  ] as const) {
    it(`is told: ${what}`, () => {
      const ending = endingOf(facts(parts));
      assert.equal(ending.outcome, outcome);
      if (outcome !== 'completed') assert.match(ending.reason ?? '', /^[A-Z].*\.$/);
    });
  }
});

it('says whether Stele stopped a task of Fargate, or somebody else', () => {
  const reasonOf = (stoppedReason: string) =>
    endingOf(facts({ stopCode: 'UserInitiated', stoppedReason, exitCode: 0 })).reason;
  assert.equal(reasonOf(stopWords), stopWords);
  assert.match(reasonOf('Task stopped by user') ?? '', /through AWS/);
});

describe('an image that can’t be had', () => {
  for (const [said, code, field] of [
    [`${pull} failed to resolve ref docker.io/library/x:1: docker.io/library/x:1: not found`, 'NOT_FOUND', 'image'],
    [`${pull} manifest unknown`, 'NOT_FOUND', 'image'],
    [`${pull} pull access denied for x, repository does not exist or may require 'docker login'`, 'NOT_FOUND', 'image'],
    [
      `${pull} unexpected status from HEAD request to https://r.example/v2/x/manifests/1: 403 Forbidden`,
      'DENIED',
      'image',
    ],
    [`${pull} 401 Unauthorized`, 'DENIED', 'image'],
    [`${pull} toomanyrequests: You have reached your pull rate limit.`, 'LIMIT', 'image'],
    [`${pull} write /var/lib: no space left on device`, 'LIMIT', 'image'],
    [`${pull} dial tcp 1.2.3.4:443: i/o timeout`, 'UNREACHABLE', 'image'],
    [`${pull} net/http: request canceled while waiting for connection`, 'UNREACHABLE', 'image'],
    ['CannotPullContainerError: ref pull has been retried 1 time(s): x', 'UNREACHABLE', 'image'],
    [
      'CannotPullContainerError: image Manifest does not contain descriptor matching platform "linux/arm64"',
      'INVALID',
      'architecture',
    ],
  ] as const) {
    it(`is ${code}: ${said.slice(pull.length - 20)}`, () => {
      const error = imageError(said);
      assert.deepEqual([error?.code, error?.field, error?.raw], [code, field, said]);
    });
  }

  for (const said of [
    'Capacity is unavailable at this time.',
    'ResourceInitializationError: unable to pull secrets or registry auth',
    'new words',
    '',
  ])
    it(`is none: “${said}”`, () => assert.equal(imageError(said), undefined));

  it('isn’t taken for one whose words are new', () => assert.equal(startFailure('new words'), undefined));
});
