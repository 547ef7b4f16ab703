import assert from 'node:assert/strict';
import type { Observation } from '@stele/sdk';
import { hasCode } from '@stele/sdk';
import { accountingQuestions, parseAccounting } from '../commands/accounting.ts';
import { parseExit } from './exit.ts';
import { judge } from './judge.ts';
import { parseQueue } from '../commands/queue.ts';
import type { Job } from '../job.ts';
import { waitingFor } from './reasons.ts';
import { parseRecords, recordQuestion, unseen } from './record.ts';
import { meaningOf } from './states.ts';

const key = 'abcdefghij012345';
const job: Job = { id: '7', key, state: 'RUNNING', reason: 'None', uid: '2001', nodes: ['node1'], restarts: 0 };
const there = { folder: 'there' } as const;

describe('states of jobs', () => {
  const states: readonly (readonly [string, Observation['phase'], string?])[] = [
    ['PENDING', 'queued'],
    ['RUNNING', 'running'],
    ['SUSPENDED', 'suspended'],
    ['COMPLETED', 'ended', 'completed'],
    ['CANCELLED', 'ended', 'cancelled'],
    ['CANCELLED by 2001', 'ended', 'cancelled'],
    ['CANCELLED+', 'ended', 'cancelled'],
    ['FAILED', 'ended', 'failed'],
    ['TIMEOUT', 'ended', 'timed-out'],
    ['NODE_FAIL', 'ended', 'node-failed'],
    ['PREEMPTED', 'ended', 'preempted'],
    ['BOOT_FAIL', 'ended', 'node-failed'],
    ['DEADLINE', 'ended', 'timed-out'],
    ['OUT_OF_MEMORY', 'ended', 'out-of-memory'],
    ['LAUNCH_FAILED', 'ended', 'node-failed'],
    ['RECONFIG_FAIL', 'ended', 'node-failed'],
    ['REVOKED', 'ended', 'cancelled'],
    ['CONFIGURING', 'starting'],
    ['POWER_UP_NODE', 'starting'],
    ['COMPLETING', 'stopping'],
    ['STAGE_OUT', 'stopping'],
    ['RESIZING', 'running'],
    ['SIGNALING', 'running'],
    ['UPDATE_DB', 'running'],
    ['STOPPED', 'suspended'],
    ['REQUEUED', 'queued'],
    ['REQUEUE_FED', 'queued'],
    ['EXPEDITING', 'queued'],
    ['REQUEUE_HOLD', 'held'],
    ['SPECIAL_EXIT', 'held'],
    ['RESV_DEL_HOLD', 'held'],
    ...(
      [
        ['BF', 'ended'],
        ['CA', 'ended'],
        ['CD', 'ended'],
        ['CF', 'starting'],
        ['CG', 'stopping'],
        ['DL', 'ended'],
        ['F', 'ended'],
        ['NF', 'ended'],
        ['OOM', 'ended'],
        ['PD', 'queued'],
        ['PR', 'ended'],
        ['R', 'running'],
        ['RD', 'held'],
        ['RF', 'queued'],
        ['RH', 'held'],
        ['RQ', 'queued'],
        ['RS', 'running'],
        ['RV', 'ended'],
        ['S', 'suspended'],
        ['SE', 'held'],
        ['SI', 'running'],
        ['SO', 'stopping'],
        ['ST', 'suspended'],
        ['TO', 'ended'],
      ] as const
    ).map(([state, phase]) => [state, phase] as const),
  ];
  for (const [state, phase, outcome] of states) {
    it(`${state} is ${phase}`, () => {
      const meaning = meaningOf(state);
      assert.equal(meaning?.phase, phase);
      if (outcome !== undefined) assert.equal(meaning?.phase === 'ended' && meaning.outcome, outcome);
    });
  }

  it('what nobody knows is unknown, never ended', () => {
    for (const state of ['', 'NEW_STATE', 'constructor', '?']) {
      assert.equal(meaningOf(state), undefined);
      assert.equal(judge({ queue: { ...job, state }, accounting: 'none', record: there }).phase, 'unknown');
    }
  });
});

describe('reasons of jobs that wait', () => {
  const reasons: readonly (readonly [string, 'queued' | 'held', RegExp])[] = [
    ['None', 'queued', /scheduler/],
    ['Resources', 'queued', /free nodes/],
    ['Priority', 'queued', /higher priority/],
    ['Dependency', 'queued', /another job/],
    ['BeginTime', 'queued', /begin time/],
    ['JobHeldUser', 'held', /owner/],
    ['JobHeldAdmin', 'held', /administrator/],
    ['PartitionTimeLimit', 'queued', /can never start.*time/],
    ['PartitionNodeLimit', 'queued', /can never start.*nodes/],
    ['AssociationTimeLimit', 'queued', /can never start/],
    ['QOSTimeLimit', 'queued', /can never start/],
    ['BadConstraints', 'queued', /can never start/],
    ['DependencyNeverSatisfied', 'queued', /can never start/],
    ['PartitionDown', 'queued', /takes no jobs/],
    ['ReqNodeNotAvail, UnavailableNodes:node3', 'queued', /node3/],
    ['ReqNodeNotAvail, Reserved for maintenance', 'queued', /reserved/],
    ['(Resources)', 'queued', /free nodes/],
    ['QOSMaxJobsPerUserLimit', 'queued', /quality of service.*jobs/],
    ['QOSMaxCpuPerUserLimit', 'queued', /quality of service.*cores/],
    ['QOSMaxGRESPerUser', 'queued', /quality of service.*GPUs/],
    ['QOSMaxMemoryPerJob', 'queued', /can never start.*memory/],
    ['QOSMaxWallDurationPerJobLimit', 'queued', /can never start.*time/],
    ['QOSMinCpuNotSatisfied', 'queued', /can never start.*cores/],
    ['QOSMaxSubmitJobPerUserLimit', 'queued', /submitted jobs/],
    ['QOSGrpCpuLimit', 'queued', /with the jobs of others/],
    ['AssocGrpMemLimit', 'queued', /account.*memory/],
    ['AssocGrpCPUMinutesLimit', 'queued', /account.*cores/],
    ['AssocMaxJobsLimit', 'queued', /account.*jobs/],
    ['MaxNodePerAccount', 'queued', /account.*nodes/],
    ['launch failed requeued held', 'held', /Release/],
    ['user env retrieval failed requeued held', 'held', /environment/],
    ['Nodes required for job are DOWN, DRAINED or reserved for jobs in higher priority partitions', 'queued', /down/],
    ['SomethingNew', 'queued', /queue/],
    ['job held by the moon', 'held', /holds/],
    ['constructor', 'queued', /queue/],
  ];
  for (const [word, phase, words] of reasons) {
    it(`“${word}”`, () => {
      const waiting = waitingFor(word);
      assert.equal(waiting.phase, phase);
      assert.match(waiting.reason, words);
    });
  }
});

describe('the queue', () => {
  const row = (id: string, name: string, reason = 'None') =>
    `${id.padEnd(32)}|${name.padEnd(32)}|2001        |RUNNING |1795830714|1795831314|3:0|0|node1|${reason}  \n`;

  it('is read whatever free text holds', () => {
    const [first] = parseQueue(row('12', `stele-${key}`, 'a | b, c'));
    assert.deepEqual(first, {
      ...job,
      id: '12',
      reason: 'a | b, c',
      start: '2026-11-28T01:51:54.000Z',
      end: '2026-11-28T02:01:54.000Z',
      exit: { code: 3, signal: 0 },
    });
  });

  it('has no array, no part of another job, and nobody else’s job of ours', () => {
    const others = [
      row('12_3', `stele-${key}`),
      row('12_[0-3%2]', `stele-${key}`),
      row('12+1', `stele-${key}`),
      row('9', 'bash'),
    ];
    assert.deepEqual(parseQueue(others.join('')), []);
    assert.deepEqual(parseQueue(row('9', 'stele-../../etc') + row('9', 'stele-')), []);
    assert.deepEqual(parseQueue(''), []);
  });

  it('is refused when it is something else', () => {
    for (const text of ['<html>', 'slurm_load_jobs error: Socket timed out', 'Welcome!\n', '12|stele', '\0\0']) {
      assert.throws(
        () => parseQueue(row('12', `stele-${key}`) + text),
        (error) => hasCode(error, 'PROTOCOL'),
      );
    }
  });

  it('tells exits of both generations', () => {
    assert.deepEqual(['3:0', '768', '0:11', '11', '0:0', 'x', ''].map(parseExit), [
      { code: 3, signal: 0 },
      { code: 3, signal: 0 },
      { code: 0, signal: 11 },
      { code: 0, signal: 11 },
      { code: 0, signal: 0 },
      undefined,
      undefined,
    ]);
  });
});

describe('accounting', () => {
  it('is asked by number, and by name for who has none', () => {
    const wanted = [{ name: 'stele-a', id: '1' }, { name: 'stele-b' }, { name: 'stele-c', id: '3' }];
    const questions = accountingQuestions(wanted, 'ada');
    assert.equal(questions.length, 2);
    assert(questions[0]?.includes('--jobs=1,3'));
    assert(questions[1]?.includes('--name=stele-b') && questions[1].includes('--user=ada'));
    assert.deepEqual(accountingQuestions([], 'ada'), []);
  });

  it('is read, and refused when it is something else', () => {
    const text = `1|stele-${key}|2001|CANCELLED by 0|1795831332|Unknown|0:0|node[1-2]|a|b\n2|bash|1|FAILED|1|2|1:0|x|None\n`;
    const [booked, ...rest] = parseAccounting(text);
    assert.deepEqual(rest, []);
    assert.deepEqual(booked?.nodes, ['node1', 'node2']);
    assert.equal(booked?.reason, 'a|b');
    assert.throws(
      () => parseAccounting('sacct: error'),
      (error) => hasCode(error, 'PROTOCOL'),
    );
  });
});

describe('records of tasks', () => {
  const tasks = '/home/a/.stele/tasks';
  const [one, two, three] = ['a'.repeat(16), 'b'.repeat(16), 'c'.repeat(16)] as const;

  it('are read for many at once', () => {
    const stdout = `${tasks}/${one}/settings:port=pick\n${tasks}/${one}/status:phase=running\n${tasks}/${one}/status:port=2:3\n${tasks}/${two}/settings:x=y\n`;
    const stderr = `grep: ${tasks}: Is a directory\ngrep: ${tasks}/${two}/status: No such file or directory\ngrep: ${tasks}/${three}/settings: No such file or directory\n`;
    const records = parseRecords(tasks, [one, two, three], { stdout, stderr });
    assert.deepEqual(
      [...records.values()],
      [{ folder: 'there', status: { phase: 'running' } }, { folder: 'there' }, { folder: 'gone' }],
    );
    assert(recordQuestion(tasks, [one]).includes(`${tasks}/${one}/status`));
  });

  it('have the digest of the image, when it is one', () => {
    const settings = (value: string) => ({ stdout: `${tasks}/${one}/settings:digest=${value}\n`, stderr: '' });
    const read = (value: string) => parseRecords(tasks, [one], settings(value)).get(one)?.digest;
    const digest = `sha256:${'0'.repeat(64)}`;
    assert.deepEqual([digest, `${digest}0`, 'latest'].map(read), [digest, undefined, undefined]);
  });

  it('are not called gone where nothing could be seen', () => {
    for (const stderr of [
      `grep: ${tasks}: No such file or directory\ngrep: ${tasks}/${one}/settings: No such file or directory`,
      `grep: ${tasks}: Is a directory\ngrep: ${tasks}/${one}/settings: Permission denied`,
      `grep: ${tasks}: Stale file handle\ngrep: ${tasks}/${one}/settings: Stale file handle`,
      '',
    ]) {
      assert.deepEqual(parseRecords(tasks, [one], { stdout: '', stderr }).get(one), { folder: 'unknown' });
    }
  });
});

describe('what the evidence says', () => {
  const start = '2026-11-28T01:51:54.000Z';
  const phaseOf = (...evidence: Parameters<typeof judge>) => judge(...evidence).phase;
  const status = { phase: 'running', port: 2000 } as const;

  it('runs when the container does', () => {
    assert.equal(phaseOf({ queue: job, accounting: 'none', record: there }), 'starting');
    assert.equal(phaseOf({ queue: job, accounting: 'none', record: { ...there, status } }), 'running');
    assert.equal(phaseOf({ queue: job, accounting: 'none', record: unseen }), 'running');
    assert.equal(phaseOf({ queue: job, accounting: 'none', record: { folder: 'gone' } }), 'running');
  });

  it('has an image once it runs', () => {
    const record = { ...there, status, digest: 'sha256:x' };
    const digestOf = (queue: Job) => {
      const seen = judge({ queue, accounting: 'none', record });
      return 'digest' in seen && seen.digest;
    };
    const states = ['RUNNING', 'COMPLETED', 'PENDING'].map((state) => digestOf({ ...job, state }));
    assert.deepEqual(states, ['sha256:x', 'sha256:x', false]);
  });

  it('waits, says why, and when it is expected to start', () => {
    const queue = { ...job, state: 'PENDING', reason: 'Priority', start, nodes: [], restarts: 1 };
    const seen = judge({ queue, accounting: 'none', record: unseen });
    assert.deepEqual(seen, {
      ref: '7',
      phase: 'queued',
      reason: 'Waiting: jobs of higher priority come first. It was queued again after a first run.',
      detail: 'PENDING Priority',
      expectedAt: start,
    });
  });

  it('ends by the scheduler’s word, with the agent’s exit code', () => {
    const queue = { ...job, state: 'FAILED', reason: 'NonZeroExitCode', exit: { code: 3, signal: 0 } };
    const record = { ...there, status: { phase: 'ended', exit: 4 } } as const;
    const seen = judge({ queue, accounting: 'none', record });
    assert.deepEqual([seen.phase, 'exitCode' in seen && seen.exitCode], ['ended', 4]);
    const plain = judge({ queue, accounting: 'none', record: there });
    assert.equal('reason' in plain && plain.reason, 'The task ended with exit code 3.');
    const signalled = judge({ queue: { ...queue, exit: { code: 0, signal: 11 } }, accounting: 'none', record: there });
    assert.deepEqual('exitCode' in signalled && [signalled.exitCode, signalled.reason], [
      139,
      'The task was ended by signal 11.',
    ]);
  });

  it('tells who cancelled it', () => {
    const words = ['2001', '0', '7'].map((uid) => {
      const booked = { ...job, state: `CANCELLED by ${uid}` };
      const seen = judge({ accounting: booked, record: there });
      return 'reason' in seen ? seen.reason : '';
    });
    assert.match(words.join(' '), /own account.*administrators.*uid 7/);
  });

  it('is absent only where nobody knows it', () => {
    assert.equal(phaseOf({ accounting: 'none', record: unseen }), 'absent');
    assert.equal(phaseOf({ accounting: 'absent', record: there }), 'absent');
    assert.equal(phaseOf({ accounting: 'unseen', record: there }), 'unknown');
    assert.equal(phaseOf({ accounting: { ...job, state: 'RUNNING' }, record: there }), 'unknown');
    assert.equal(phaseOf({ accounting: 'unseen', record: { ...there, status: { phase: 'ended', exit: 0 } } }), 'ended');
    assert.equal(
      phaseOf({ queue: { ...job, state: 'COMPLETED' }, accounting: 'none', record: { folder: 'gone' } }),
      'absent',
    );
    assert.equal(phaseOf({ queue: { ...job, state: 'COMPLETED' }, accounting: 'none', record: unseen }), 'ended');
  });
});
