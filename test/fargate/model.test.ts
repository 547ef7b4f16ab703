import assert from 'node:assert/strict';
import { problemsWith, problemsWithError, services } from './lib/model.ts';

const ecs = services.AmazonEC2ContainerServiceV20141113;
const logs = services.Logs_20140328;

describe('AWS’s model', () => {
  it('knows what is right', () => {
    const task = {
      taskArn: 'arn',
      createdAt: 1_764_337_000.5,
      containers: [{ exitCode: 0 }],
      stopCode: 'UserInitiated',
    };
    assert.deepEqual(problemsWith(ecs, 'DescribeTasks', 'answer', { tasks: [task], failures: [] }), []);
    assert.deepEqual(problemsWith(ecs, 'DescribeTasks', 'request', { cluster: 'c', tasks: ['x'] }), []);
    assert.deepEqual(problemsWith(logs, 'GetLogEvents', 'answer', { events: [{ message: 'x', timestamp: 1 }] }), []);
    assert.deepEqual(problemsWithError(ecs, { __type: 'ConflictException', message: 'x', resourceIds: ['arn'] }), []);
  });

  for (const [what, operation, side, value] of [
    ['an operation that there isn’t', 'DreamTasks', 'request', {}],
    ['a member that there isn’t', 'DescribeTasks', 'answer', { tasks: [{ state: 'RUNNING' }] }],
    ['a member of another level', 'DescribeTasks', 'answer', { taskArn: 'x' }],
    ['a time as text', 'DescribeTasks', 'answer', { tasks: [{ createdAt: '2026-01-01T00:00:00Z' }] }],
    ['a number as text', 'DescribeTasks', 'answer', { tasks: [{ containers: [{ exitCode: '0' }] }] }],
    ['a text as a number', 'RunTask', 'request', { overrides: { cpu: 256 } }],
    ['a list that is none', 'ListTasks', 'answer', { taskArns: 'x' }],
    ['a structure that is none', 'StopTask', 'answer', { task: 'x' }],
    ['a code that AWS doesn’t list', 'DescribeTasks', 'answer', { tasks: [{ stopCode: 'Tired' }] }],
  ] as const) {
    it(`finds ${what}`, () => assert.equal(problemsWith(ecs, operation, side, value).length, 1));
  }

  it('finds errors that there aren’t', () => {
    assert.equal(problemsWithError(ecs, { __type: 'TiredException' }).length, 1);
    assert.equal(problemsWithError(logs, { __type: 'ClusterNotFoundException' }).length, 1);
  });
});
