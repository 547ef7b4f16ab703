import assert from 'node:assert/strict';
import type { JsonObject } from '@stele/sdk';
import { rejectsWith } from '@stele/sdk/testing';
import { type Bed, needBed } from './lib/bed.ts';
import { forever, type Tasks, tasksIn } from './lib/tasks.ts';

const mebibyte = 1024 ** 2;

describe('what becomes of tasks on Kubernetes', function () {
  this.timeout(120_000);
  let bed: Bed;

  before(async function () {
    bed = await needBed(this);
  });

  const tasks = (conf?: JsonObject): Promise<Tasks> => tasksIn(bed, conf);

  it('is told of one that needs more memory than it was given', async () => {
    await using own = await tasks();
    const task = await own.submit('x=xxxxxxxx; while :; do x=$x$x; done');
    const { outcome, exitCode } = await own.until(task, 'ended');
    assert.deepEqual([outcome, exitCode], ['out-of-memory', 137]);
  });

  it('is told of one that reaches its time limit, with its log', async () => {
    await using own = await tasks();
    const task = await own.submit(`echo up; ${forever}`, { options: { time: 3 } });
    const { outcome, reason } = await own.until(task, 'ended');
    assert.deepEqual([outcome, reason], ['timed-out', 'The task reached its time limit.']);
    assert.equal(await own.log(task), 'up\n');
  });

  it('is told of one that was stopped: its exit code and its log stay', async () => {
    await using own = await tasks();
    const task = await own.submit(`trap "echo bye; exit 7" TERM; echo up; while :; do sleep 0.2 & wait $!; done`);
    await own.until(task, 'running');
    await own.cancel(task);
    const { outcome, exitCode } = await own.until(task, 'ended');
    assert.deepEqual([outcome, exitCode], ['cancelled', 7]);
    assert.equal(await own.log(task), 'up\nbye\n');
  });

  it('is told of one that no node has room for; it can be stopped', async () => {
    await using own = await tasks();
    const task = await own.submit(forever, { options: { memory: 4096 * 1024 * mebibyte } });
    const seen = await own.until(task, 'queued');
    assert.equal(seen.reason, 'Waiting: no node has enough memory free.');
    await own.cancel(task);
    assert.equal((await own.until(task, 'ended')).outcome, 'cancelled');
  });

  it('is told event by event', async () => {
    await using own = await tasks();
    const runs = await own.submit(forever);
    await own.until(runs, 'running');
    const reasons = (await own.events(runs)).map(({ reason }) => reason);
    for (const reason of ['Scheduled', 'Pulled', 'Created', 'Started'])
      assert(reasons.includes(reason), reasons.join());
    const waits = await own.submit(forever, { options: { memory: 4096 * 1024 * mebibyte } });
    await own.until(waits, 'queued');
    const [event] = await own.events(waits);
    assert.deepEqual([event?.reason, event?.isWarning], ['FailedScheduling', true]);
    assert.match(event?.says ?? '', /Insufficient memory/);
  });

  it('is told of one that is too much for the quota of its namespace, and leaves nothing', async () => {
    await using own = await tasks({ namespace: 'small' });
    await own.submit('true');
    const hard = { 'limits.memory': '40Mi' };
    await bed.apply({
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small', namespace: 'small' },
      spec: { hard },
    });
    const error = await rejectsWith('LIMIT', own.submit('true', { options: { memory: 64 * mebibyte } }));
    assert.match(error.message, /quota “small”.*40Mi.*needs limits.memory=64Mi|needs limits.memory=67108864/);
    const left = await bed.kubectl(
      'get',
      'pods,secrets,networkpolicies',
      '--namespace=small',
      `--selector=stele.task=${own.lastKey}`,
      '--output=name',
    );
    assert.equal(left, '');
    const { facts } = await own.stage.driver.describe(own.resource, own.call());
    assert(facts.some(({ label, value }) => label === 'Quota small' && value.includes('limits.memory')));
    await bed.kubectl('delete', 'resourcequota', 'small', '--namespace=small');
  });

  it('is told of one whose image wants to be root', async () => {
    await using own = await tasks({ user: 0 });
    const task = await own.submit('true');
    const { outcome, reason } = await own.until(task, 'ended');
    assert.equal(outcome, 'rejected');
    assert.match(reason ?? '', /run as root/);
  });

  it('is told of one whose pod somebody deletes', async () => {
    await using own = await tasks();
    const task = await own.submit(forever);
    await own.until(task, 'running');
    await bed.kubectl('delete', 'pod', '--namespace=tasks', `stele-${task.key}`, '--wait=false');
    const { outcome, reason } = await own.until(task, 'ended');
    assert.equal(outcome, 'cancelled');
    assert.match(reason ?? '', /outside of Stele/);
  });

  it('is told of one whose namespace isn’t there', async () => {
    await using own = await tasks({ namespace: 'nowhere', makeNamespaces: false });
    const error = await rejectsWith('INVALID', own.submit('true'), 'conf.namespace');
    assert.match(error.message, /no such namespace/);
  });

  it('is not told of a pod that only has such a name, which is left alone', async () => {
    await using own = await tasks({ namespace: 'small' });
    await own.submit('true');
    const name = 'stele-aaaaaaaaaaaaaaaa';
    await bed.kubectl('create', 'configmap', 'x', '--namespace=small', '--dry-run=client');
    const container = {
      name: 'task',
      image: 'localhost/stele/tiny-task:1',
      env: [{ name: 'SCRIPT', value: 'sleep 60' }],
    };
    await bed.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'small' },
      spec: { containers: [container] },
    });
    await rejectsWith('CONFLICT', own.submit('true', { key: 'a'.repeat(16) }));
    assert.match(await bed.kubectl('get', 'pod', name, '--namespace=small', '--output=name'), /stele-a/);
    await bed.kubectl('delete', 'pod', name, '--namespace=small', '--force', '--grace-period=0');
  });

  it('is kept from others: no token, no way up, a folder of the node only where that is meant', async () => {
    await using own = await tasks({ hostPaths: true });
    const script =
      'id -u; ls /var/run/secrets 2>&1 | wc -l; grep -E "^(CapEff|NoNewPrivs)" /proc/self/status; cat /data/file; touch /data/x 2>&1; true';
    const binds = [{ source: '/share', target: '/data', readOnly: true }];
    await bed.tell('exec', 'sh', '-c', 'echo shared >/share/file');
    const task = await own.submit(script, { binds });
    await own.until(task, 'ended');
    const [uid, secrets, capabilities, privileges, file, write] = (await own.log(task)).split('\n');
    assert.deepEqual([uid, secrets?.trim(), file], ['1000', '1', 'shared']);
    assert.match(`${capabilities} ${privileges}`, /CapEff:\s+0+ NoNewPrivs:\s+1/);
    assert.match(write ?? '', /Read-only file system/);
    await using closed = await tasks();
    await rejectsWith('INVALID', closed.submit('true', { binds }), 'conf.volumes');
  });
});
