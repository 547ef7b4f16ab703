import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { rejectsWith } from '@stele/sdk/testing';
import type { Order } from '../../scheduler.ts';
import { readAnswer } from '../answers.ts';
import { versions } from '../versions.ts';
import type { Body } from './dialect.ts';
import { plain } from './plain.ts';
import { stateOf, taggedDialect } from './tagged.ts';

const key = 'abcdefghij012345';

/** What a real slurmrestd answered: v0.0.38 of Slurm 22.05.8, all others of 24.11.5. */
function recorded(version: string, name: string): Body {
  const text = readFileSync(new URL(`../recorded/${version}/${name}.json`, import.meta.url), 'utf8');
  return readAnswer({ status: 200, text }).body;
}

const order: Order = {
  name: `stele-${key}`,
  request: {
    partition: 'debug',
    cpus: 2,
    nodes: 1,
    gpus: 1,
    gpuType: 'fake',
    memory: 100 * 1024 ** 2 + 1,
    time: 301,
    qos: 'single',
  },
  requeue: false,
  output: '/home/bob/.stele/tasks/x/job.log',
  script: '#!/bin/sh\n',
};

for (const { name, dialect } of versions) {
  describe(`what slurmrestd says in ${name}`, () => {
    it('of jobs', () => {
      const jobs = dialect.jobs(recorded(name, 'jobs'));
      assert.deepEqual(
        jobs.slice(0, 3).map(({ state, reason, exit, nodes }) => [state, reason, exit?.code, nodes]),
        [
          ['RUNNING', 'None', 0, ['node1']],
          ['PENDING', 'Dependency', 0, []],
          ['FAILED', 'NonZeroExitCode', 7, ['node1']],
        ],
      );
      assert.deepEqual([jobs.length, jobs[3]?.state], [4, 'CANCELLED']);
      const [running, waiting] = jobs;
      assert.deepEqual([running?.key, running?.uid, running?.account, running?.restarts], [key, '2002', 'bob', 0]);
      assert.match(running?.id ?? '', /^\d+$/);
      assert.equal(Date.parse(running?.end ?? '') - Date.parse(running?.start ?? ''), 300_000);
      assert.equal(waiting?.start, undefined);
    });

    it('of jobs that aren’t ours, are of arrays, or parts of others, nothing', () => {
      const body = recorded(name, 'jobs');
      const jobs = body['jobs'] as readonly Record<string, unknown>[];
      const number = dialect === plain ? 5 : { set: true, infinite: false, number: 5 };
      for (const changed of [{ name: 'other' }, { name: null }, { array_job_id: number }, { het_job_id: number }]) {
        assert.deepEqual(dialect.jobs({ ...body, jobs: jobs.map((one) => ({ ...one, ...changed })) }), []);
      }
    });

    it('in another shape is refused as a whole', () => {
      const body = recorded(name, 'jobs');
      const jobs = body['jobs'] as readonly Record<string, unknown>[];
      const other = dialect === plain ? taggedDialect : plain;
      const wrong: readonly (() => unknown)[] = [
        () => other.jobs(body),
        () => other.version(body),
        () => dialect.jobs({}),
        () => dialect.jobs({ jobs: {} }),
        () => dialect.jobs({ ...body, jobs: jobs.map((one, at) => (at === 2 ? { ...one, job_state: 4 } : one)) }),
        () => dialect.nodes(body),
        () => dialect.partitions({ partitions: [{}] }),
        () => dialect.submitted({ job_id: 'x' }),
      ];
      return Promise.all(wrong.map((work) => rejectsWith('PROTOCOL', Promise.resolve().then(work))));
    });

    it('of partitions, nodes and itself', () => {
      const partitions = dialect.partitions(recorded(name, 'partitions'));
      assert.deepEqual(
        partitions.map((one) => [one.name, one.state, one.maxTime, one.defaultTime]),
        [
          ['debug', 'UP', 3_600, 600],
          ['long', 'UP', dialect === plain ? undefined : Infinity, undefined],
          ['gpu', 'UP', 14_400, undefined],
          ['spare', 'UP', 3_600, undefined],
          ['shared', 'UP', 3_600, undefined],
        ],
      );
      assert.deepEqual(
        partitions.map(({ isDefault }) => isDefault),
        partitions.map((one) => dialect === plain && one.name === 'debug'),
      );
      const [first, second] = dialect.nodes(recorded(name, 'nodes'));
      assert.deepEqual(first?.gpus, { fake: 2 });
      assert.deepEqual(second?.gpus, {});
      assert.deepEqual([first?.cpus, first?.memory, first?.machine], [2, 1_800 * 1024 ** 2, 'x86_64']);
      assert.deepEqual(first?.partitions, ['debug', 'gpu', 'spare', 'shared']);
      assert.deepEqual(dialect.node(recorded(name, 'nodes')), { address: 'node1', hostName: 'node1' });
      assert.match(dialect.version(recorded(name, 'jobs')), /^2[24]\.\d+\.\d+$/);
    });

    it('of a job that it took', () => {
      assert.match(dialect.submitted(recorded(name, 'submit')) ?? '', /^\d+$/);
      assert.equal(dialect.submitted({ errors: [] }), undefined);
    });
  });

  it(`a job in ${name} asks for what sbatch is asked for`, () => {
    const { script, job } = dialect.submission(order, { PATH: '/bin' }) as { script: string; job: object };
    assert.equal(script, order.script);
    const isPlain = dialect === plain;
    const number = (value: number): unknown => (isPlain ? value : { set: true, number: value });
    assert.deepEqual(job, {
      name: `stele-${key}`,
      nodes: isPlain ? [1, 1] : '1',
      tasks: 1,
      tasks_per_node: 1,
      cpus_per_task: 2,
      partition: 'debug',
      qos: 'single',
      ...(isPlain ? { gres: 'gpu:fake:1' } : { tres_per_node: 'gres/gpu:fake:1' }),
      memory_per_node: number(101),
      time_limit: number(6),
      dependency: 'singleton',
      requeue: false,
      open_mode: isPlain ? 'append' : ['APPEND'],
      standard_output: '/home/bob/.stele/tasks/x/job.log',
      current_working_directory: '/',
      environment: isPlain ? { PATH: '/bin' } : ['PATH=/bin'],
    });
  });
}

describe('accounting in v0.0.38', () => {
  it('tells ended jobs; no exit code of one that failed, since it says 0 then', () => {
    const jobs = plain.booked(recorded('v0.0.38', 'booked'));
    assert.deepEqual(
      jobs.map(({ state, exit, uid }) => [state, exit, uid]),
      [
        ['FAILED', undefined, 'bob'],
        ['FAILED', undefined, 'bob'],
        ['CANCELLED', undefined, 'bob'],
      ],
    );
  });

  it('tells who cancelled one', () => {
    const body = recorded('v0.0.38', 'booked');
    const [first] = body['jobs'] as readonly Record<string, unknown>[];
    const job = { ...first, state: { current: 'CANCELLED', reason: 'None' }, kill_request_user: 'root' };
    assert.equal(plain.booked({ jobs: [job] })[0]?.state, 'CANCELLED by root');
  });

  it('tells accounts', () => {
    assert.deepEqual(plain.associations(recorded('v0.0.38', 'associations')), [
      { account: 'users', qos: ['normal', 'single'], isDefault: true },
    ]);
  });
});

describe('a list of states', () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['RUNNING'], 'RUNNING'],
    [['COMPLETED', 'COMPLETING'], 'COMPLETING'],
    [['RUNNING', 'CONFIGURING'], 'CONFIGURING'],
    [['PENDING', 'REQUEUED'], 'REQUEUED'],
    [['PENDING', 'REQUEUE_HOLD'], 'REQUEUE_HOLD'],
    [['PENDING', 'LAUNCH_FAILED'], 'PENDING'],
    [['LAUNCH_FAILED', 'FAILED'], 'FAILED'],
    [['CANCELLED', 'SIGNALING'], 'SIGNALING'],
    [['RUNNING', 'POWER_UP_NODE'], 'RUNNING'],
    [['NEWER'], 'NEWER'],
    [[], ''],
  ];
  for (const [states, word] of cases) {
    it(`${JSON.stringify(states)} is ${word === '' ? 'nothing' : word}`, () => assert.equal(stateOf(states), word));
  }
});
