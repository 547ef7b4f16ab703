import assert from 'node:assert/strict';
import type { JsonObject } from '@stele/sdk';
import { describeComputingDriver, rejectsWith } from '@stele/sdk/testing';
import { type Bed, needBed } from './lib/bed.ts';
import { forever, type Tasks, tasksIn } from './lib/tasks.ts';
import { apiResource, asJobs, worldOf } from './lib/world.ts';

const mebibyte = 1024 ** 2;
const options = { asJob: true };

describe('tasks on Kubernetes as jobs', function () {
  this.timeout(120_000);
  let bed: Bed;

  before(async function () {
    bed = await needBed(this);
  });

  const tasks = (conf?: JsonObject): Promise<Tasks> => tasksIn(bed, conf);
  /** What the cluster has of a task. */
  const left = (key: string, namespace = 'tasks'): Promise<string> => {
    const kinds = 'jobs,pods,secrets,networkpolicies';
    return bed.kubectl('get', kinds, `--namespace=${namespace}`, `--selector=stele.task=${key}`, '--output=name');
  };

  describeComputingDriver(
    { describe, it, before, after },
    {
      open: async () => asJobs(worldOf(apiResource(await bed.kubeconfig('token'), { makeNamespaces: true }))),
      patience: 60_000,
    },
  );

  it('are stopped with their exit code and log, and leave nothing', async () => {
    const own = await tasks();
    const task = await own.submit('trap "echo bye; exit 7" TERM; echo up; while :; do sleep 0.2 & wait $!; done', {
      options,
    });
    assert.match(task.ref ?? '', /\/job\//);
    await own.until(task, 'running');
    assert.match(await left(task.key), /^job\.batch\/stele-\w+$/m);
    await own.cancel(task);
    const { outcome, exitCode } = await own.until(task, 'ended');
    assert.deepEqual([outcome, exitCode, await own.log(task)], ['cancelled', 7, 'up\nbye\n']);
    await own[Symbol.asyncDispose]();
    assert.equal(await left(task.key), '');
  });

  it('have ended when somebody deletes their pod, though the job makes another', async () => {
    await using own = await tasks();
    const task = await own.submit(forever, { options });
    await own.until(task, 'running');
    await bed.kubectl('delete', 'pods', '--namespace=tasks', `--selector=stele.task=${task.key}`, '--wait=false');
    const { outcome, reason } = await own.until(task, 'ended');
    assert.equal(outcome, 'cancelled');
    assert.match(reason ?? '', /outside of Stele/);
  });

  it('that no node has room for are stopped with their job', async () => {
    await using own = await tasks();
    const task = await own.submit(forever, { options: { ...options, memory: 4096 * 1024 * mebibyte } });
    await own.until(task, 'queued');
    await own.cancel(task);
    assert.equal((await own.until(task, 'ended')).outcome, 'cancelled');
  });

  it('fail at once where a quota lets their job make no pod, and leave nothing', async () => {
    await using own = await tasks({ namespace: 'narrow' });
    await own.submit('true', { options });
    await bed.apply({
      ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'narrow', namespace: 'narrow' } },
      spec: { hard: { 'limits.memory': '40Mi' } },
    });
    const wish = { options: { ...options, memory: 64 * mebibyte } };
    const error = await rejectsWith('LIMIT', own.submit('true', wish));
    assert.match(error.message, /quota “narrow”/);
    assert.equal(await left(own.lastKey, 'narrow'), '');
  });
});
