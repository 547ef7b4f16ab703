import assert from 'node:assert/strict';
import type { ExecResult, Host, HostService, Observation, TaskHandle } from '@stele/sdk';
import { testCall } from '@stele/sdk/testing';
import { Cluster, type OpenCluster } from '../cluster.ts';
import { CommandScheduler } from '../commands/scheduler.ts';
import { isJobAlive } from '../end.ts';
import { findByKey } from '../launch/find-job.ts';
import { observe } from './observe.ts';
import { hostSeats } from './seat.ts';
import { RunningRuns } from './seen-running.ts';

const key = 'abcdefghij012345';
const alice = 'alice';

const openCluster: OpenCluster = (_resource, host, signal) =>
  new Cluster(host, new CommandScheduler(host, signal), signal);

/** A job as the cluster has it. */
interface Fake {
  readonly id: string;
  readonly user: string;
  readonly state?: string;
}

const row = ({ id, user, state = 'RUNNING' }: Fake): string =>
  `${id}|stele-${key}|${user === alice ? 2001 : 2002}|${state}|1795830714|1795831314|0:0|0|node-of-${user}|None\n`;

/** A login node where alice is logged in, and where everybody sees everybody's jobs. */
class LoginNode {
  readonly #jobs: readonly Fake[];
  constructor(...jobs: readonly Fake[]) {
    this.#jobs = jobs;
  }

  readonly host = {
    name: 'alice@login',
    user: alice,
    exec: (argv: readonly string[]) => Promise.resolve(this.#answer(argv)),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  } as unknown as Host;

  #answer(argv: readonly string[]): ExecResult {
    const program = argv.find((word) => word !== 'env' && !word.includes('=')) ?? '';
    const user = argv.find((word) => word.startsWith('--user='))?.slice('--user='.length);
    const seen = this.#jobs.filter((job) => user === undefined || job.user === user);
    const text = { squeue: seen.map(row).join(''), printenv: '/home/alice\n' }[program] ?? '';
    return { exitCode: 0, stdout: text, stderr: '' };
  }

  async see(ref?: string): Promise<Observation | undefined> {
    const hosts: HostService = { open: () => Promise.resolve(this.host) };
    const conf = { access: 'ssh', auth: 'user-keys', accessConf: {}, conf: {}, engines: [] } as const;
    const resource = { id: 'r', name: 'Cluster', driver: 'slurm', ...conf };
    const who = { kind: 'user', id: 'u', name: alice } as const;
    const task: TaskHandle = { key, who, ...(ref === undefined ? {} : { ref }) };
    const seenRunning = new RunningRuns();
    const call = testCall();
    const open = hostSeats(hosts, openCluster, resource, call);
    return (await observe({ open, resource, seenRunning, call }, [task])).get(key);
  }
}

describe('a job of somebody else with the name of one of ours', () => {
  const stranger: Fake = { id: '9', user: 'mallory' };

  it('is not taken for a job whose number is known and that Slurm has forgotten', async () => {
    const seen = await new LoginNode(stranger).see('7');
    assert.equal(seen?.phase, 'absent');
  });

  it('is not taken for one whose number nobody knows', async () => {
    assert.equal((await new LoginNode(stranger).see())?.phase, 'absent');
    const seen = await new LoginNode({ id: '6', user: 'mallory' }, { id: '7', user: alice }).see();
    assert.deepEqual([seen?.phase, seen && 'ref' in seen && seen.ref], ['running', '7']);
  });

  it('is not adopted by a submission, and keeps nothing from being cleaned up', async () => {
    const cluster = (...jobs: Fake[]): Cluster => {
      const { host } = new LoginNode(...jobs);
      const { signal } = testCall();
      return new Cluster(host, new CommandScheduler(host, signal), signal);
    };
    assert.equal(await findByKey(cluster(stranger).scheduler, key), undefined);
    assert.equal(await findByKey(cluster(stranger, { id: '11', user: alice }).scheduler, key), '11');
    assert.equal(await isJobAlive(cluster(stranger).scheduler, key), false);
  });
});
