import assert from 'node:assert/strict';
import { hasCode, SteleError } from '@stele/sdk';
import { eventually, inTime, rejectsWith, testCall, timeFactor, watchLeftovers } from '@stele/sdk/testing';
import { greet, handle, newKey, Stage } from './lib/stage.ts';
import type { Fate } from './lib/task.ts';
import { behaviours, memoryStore, quick } from './lib/world.ts';

describe('Fargate, when things go wrong', function () {
  this.timeout(30_000);
  watchLeftovers({ describe, it, before, after });
  let stage: Stage;
  beforeEach(async () => {
    stage = await Stage.open();
  });
  afterEach(() => stage.close());

  describe('a task is run once', () => {
    it('though the answer was lost on its way', async () => {
      const key = newKey();
      stage.aws.faults.add('RunTask', { kind: 'cut', when: 'after' });
      await stage.submit(stage.make(), greet(key));
      assert.deepEqual([stage.alive(key).length, stage.aws.count('RunTask')], [1, 2]);
    });

    it('though the platform died, and ECS shows nothing yet', async () => {
      const key = newKey();
      stage.aws.cluster.lag = 500;
      const [first, second] = await Promise.all([
        stage.submit(stage.make(), greet(key)),
        stage.submit(stage.make(), greet(key)),
      ]);
      assert.equal(first, second);
      assert.equal(stage.alive(key).length, 1);
    });

    it('though the resource was changed in between', async () => {
      const key = newKey();
      const driver = stage.make();
      const ref = await stage.submit(driver, greet(key));
      // What has been asked to stop is in no list of what runs: the token alone tells of it.
      await driver.cancel(stage.resource, handle(key, ref), testCall());
      stage.resource = { ...stage.resource, conf: { ...stage.resource.conf, cpus: 1 } };
      assert.equal(await stage.submit(stage.make(), greet(key)), ref);
      assert.equal(stage.aws.cluster.tasks.length, 1);
    });

    for (const operation of [
      'ListTasks',
      'DescribeTaskDefinition',
      'RegisterTaskDefinition',
      'RunTask',
      'DescribeTasks',
    ]) {
      it(`though its submission was ended at ${operation}, and taken up again`, async () => {
        const key = newKey();
        stage.aws.cluster.lag = 200;
        const leaving = new AbortController();
        const store = memoryStore();
        stage.aws.faults.add(operation, { kind: 'slow', milliseconds: 150 });
        const submission = stage.submit(stage.make({ store }), greet(key), leaving.signal);
        await eventually(operation, () => stage.aws.count(operation) > 0);
        leaving.abort();
        await rejectsWith('UNREACHABLE', submission);
        const driver = stage.make({ store });
        await stage.submit(driver, greet(key));
        assert.equal(stage.alive(key).length, 1);
        assert.equal(stage.aws.cluster.tasks.length, 1);
      });

      it(`or not at all, when its submission was ended at ${operation}, and it is cleaned up`, async () => {
        const key = newKey();
        stage.aws.cluster.lag = 200;
        const leaving = new AbortController();
        const driver = stage.make();
        stage.aws.faults.add(operation, { kind: 'slow', milliseconds: 150 });
        const submission = stage.submit(driver, greet(key), leaving.signal);
        await eventually(operation, () => stage.aws.count(operation) > 0);
        leaving.abort();
        await rejectsWith('UNREACHABLE', submission);
        await driver.clean(stage.resource, handle(key), testCall());
        assert.equal(stage.alive(key).length, 0);
        assert.equal((await stage.see(driver, handle(key))).phase, 'absent');
      });
    }
  });

  describe('a definition is registered once', () => {
    it('for tasks that come together, and for those that come after a restart', async () => {
      const keys = Array.from({ length: 5 }, newKey);
      const driver = stage.make();
      await Promise.all(keys.map((key) => stage.submit(driver, greet(key, { env: { KIT: 'greet', AUTH_PASS: key } }))));
      await stage.submit(stage.make(), greet(newKey()));
      assert.equal(stage.aws.count('RegisterTaskDefinition'), 1);
    });

    it('and again when somebody has taken it away', async () => {
      const driver = stage.make();
      await stage.submit(driver, greet(newKey()));
      stage.aws.cluster.registered.clear();
      await stage.submit(driver, greet(newKey()));
      assert.equal(stage.aws.count('RegisterTaskDefinition'), 2);
    });
  });

  describe('ECS lets wait', () => {
    it('for a while, which nobody notices', async () => {
      const key = newKey();
      for (const operation of ['ListTasks', 'RunTask', 'DescribeTasks']) stage.aws.faults.throttle(operation, 2);
      const driver = stage.make();
      const ref = await stage.submit(driver, greet(key));
      assert.equal((await stage.until(driver, handle(key, ref), 'running')).phase, 'running');
    });

    for (const [what, prepare] of [
      ['says that it is asked too often', (operation: string) => stage.aws.faults.throttle(operation, 20)],
      ['breaks off', (operation: string) => stage.aws.faults.add(operation, { kind: 'cut', when: 'before' }, 20)],
      ['answers in HTML', (operation: string) => stage.aws.faults.add(operation, { kind: 'html', status: 502 }, 20)],
    ] as const) {
      it(`for longer, and ${what}: no task changes, and a submission is tried again`, async () => {
        const driver = stage.make();
        const key = newKey();
        const ref = await stage.submit(driver, greet(key));
        prepare('DescribeTasks');
        await rejectsWith(
          'UNREACHABLE',
          driver.observe(stage.resource, [handle(key, ref)], testCall({ signal: inTime(20_000) })),
        );
        stage.aws.faults.clear();
        prepare('RunTask');
        const error = await rejectsWith('UNREACHABLE', stage.submit(driver, greet(newKey())));
        assert.equal(error.field, undefined);
        stage.aws.faults.clear();
      });
    }

    it('no longer than the caller does', async () => {
      stage.aws.faults.add('DescribeClusters', { kind: 'slow', milliseconds: 3_000 });
      const from = performance.now();
      await rejectsWith(
        'UNREACHABLE',
        stage.make().describe(stage.resource, testCall({ signal: AbortSignal.timeout(200) })),
      );
      assert(performance.now() - from < 1_500 * timeFactor);
    });
  });

  describe('there is no room', () => {
    for (const [reason, words] of [
      ['RESOURCE:CPU', /processors/],
      ['RESOURCE:MEMORY', /memory/],
      ['RESOURCE:ENI', /address/],
      ['Capacity is unavailable at this time. Please try again later or in a different availability zone', /no room/],
    ] as const) {
      it(`and the task comes when there is: ${reason}`, async () => {
        const key = newKey();
        const driver = stage.make();
        stage.aws.cluster.refusals.push({ reason });
        const error = await rejectsWith('UNREACHABLE', stage.submit(driver, greet(key)));
        assert.match(error.message, words);
        assert.equal(error.field, undefined, 'it is tried again');
        const ref = await stage.submit(driver, greet(key));
        await stage.until(driver, handle(key, ref), 'running');
      });
    }
  });

  describe('a task ends', () => {
    const oom = 'OutOfMemoryError: Container killed due to memory usage';
    const fates: readonly (readonly [string, Fate, string])[] = [
      [
        'for want of memory',
        {
          at: 'end',
          stopCode: 'EssentialContainerExited',
          stoppedReason: 'Essential container in task exited',
          containerReason: oom,
          exitCode: 137,
        },
        'out-of-memory',
      ],
      [
        'when its spare machine is needed',
        { at: 'end', stopCode: 'SpotInterruption', stoppedReason: 'Your Spot Task was interrupted.', exitCode: 143 },
        'preempted',
      ],
      [
        'when its machine is mended',
        {
          at: 'end',
          stopCode: 'ServiceSchedulerInitiated',
          stoppedReason: 'ECS is performing maintenance on the underlying infrastructure hosting the task.',
        },
        'node-failed',
      ],
      [
        'when somebody stops it in the console',
        { at: 'end', stopCode: 'UserInitiated', stoppedReason: 'Task stopped by user', exitCode: 143 },
        'cancelled',
      ],
      [
        'before it began, for want of room',
        { at: 'start', stopCode: 'TaskFailedToStart', stoppedReason: 'Capacity is unavailable at this time.' },
        'rejected',
      ],
      [
        'before it began, without a network',
        {
          at: 'start',
          stopCode: 'TaskFailedToStart',
          stoppedReason: 'Timeout waiting for network interface provisioning to complete.',
        },
        'node-failed',
      ],
    ];
    for (const [what, fate, outcome] of fates) {
      it(`${what}: ${outcome}`, async () => {
        const key = newKey();
        const driver = stage.make();
        stage.aws.cluster.fates.push(fate);
        const ref = await stage.submit(driver, greet(key));
        const seen = await stage.until(driver, handle(key, ref), 'ended');
        assert(seen.phase === 'ended');
        assert.deepEqual([seen.outcome, seen.exitCode], [outcome, fate.exitCode]);
        assert.match(seen.detail ?? '', new RegExp(fate.stoppedReason.slice(0, 10)));
      });
    }

    for (const [what, stoppedReason, code] of [
      ['its registry gives it to nobody', 'CannotPullContainerError: pull image manifest: 403 Forbidden', 'DENIED'],
      ['its registry isn’t reached', 'CannotPullContainerError: dial tcp 10.0.0.1:443: i/o timeout', 'UNREACHABLE'],
    ] as const) {
      it(`before it began, as ${what}`, async () => {
        const key = newKey();
        const driver = stage.make();
        stage.aws.cluster.fates.push({ at: 'start', stopCode: 'TaskFailedToStart', stoppedReason });
        await rejectsWith(code, stage.submit(driver, greet(key)), 'image');
        assert.equal((await stage.see(driver, handle(key))).phase, 'absent');
      });
    }
  });

  it('isn’t waited for when its image was fetched before; what goes wrong then is told when it comes', async () => {
    const driver = stage.make();
    await stage.submit(driver, greet(newKey()));
    stage.aws.cluster.pace = 300;
    const stoppedReason = 'CannotPullContainerError: pull image manifest: 403 Forbidden';
    stage.aws.cluster.fates.push({ at: 'start', stopCode: 'TaskFailedToStart', stoppedReason });
    const key = newKey();
    const ref = await stage.submit(driver, greet(key));
    assert.equal((await stage.see(driver, handle(key, ref))).phase, 'starting');
    const seen = await stage.until(driver, handle(key, ref), 'ended');
    assert(seen.phase === 'ended' && seen.outcome === 'rejected');
    assert.match(seen.reason ?? '', /execution role/);
  });

  describe('what ECS doesn’t show', () => {
    it('isn’t taken for over: a task that was just made', async () => {
      const key = newKey();
      const driver = stage.make();
      const ref = await stage.submit(driver, greet(key));
      stage.aws.cluster.forget(ref.split('@')[0] ?? '');
      const seen = await stage.see(driver, handle(key, ref));
      assert.equal(seen.phase, 'unknown');
    });

    it('is absent when it should have shown long ago, and never completed', async () => {
      const id = 'a'.repeat(32);
      const long = Math.floor(Date.now() / 1_000) - 3_600;
      assert.deepEqual(await stage.see(stage.make(), handle(newKey(), `${id}@${long}`)), { phase: 'absent' });
      assert.deepEqual(await stage.see(stage.make(), handle(newKey(), id)), { phase: 'absent' });
    });

    it('can be asked to end, and is asked again', async () => {
      const key = newKey();
      const driver = stage.make();
      const ref = await stage.submit(driver, greet(key));
      stage.aws.cluster.lag = 60_000;
      await driver.cancel(stage.resource, handle(key, ref), testCall());
      stage.aws.cluster.lag = 0;
      assert.equal(stage.alive(key).length, 1);
      await driver.cancel(stage.resource, handle(key, ref), testCall());
      await stage.until(driver, handle(key, ref), 'ended');
    });
  });

  it('sees 250 tasks with three questions', async () => {
    stage.aws.cluster.pace = 1;
    const driver = stage.make();
    const tasks = Array.from({ length: 250 }, (_, index) => {
      const key = newKey();
      const id = index.toString(16).padStart(32, '0');
      return handle(key, `${id}@${Math.floor(Date.now() / 1_000)}`);
    });
    const seen = await driver.observe(stage.resource, tasks, testCall());
    assert.deepEqual([seen.size, stage.aws.count('DescribeTasks')], [250, 3]);
    assert([...seen.values()].every(({ phase }) => phase === 'unknown'));
  });

  it('says so when the image takes too long, and lets the task be', async () => {
    const key = newKey();
    stage.aws.cluster.pace = 400;
    const driver = stage.make({ timing: { ...quick, image: 100 } });
    const heard: string[] = [];
    const ref = await driver.submit(stage.resource, greet(key), (reason) => heard.push(reason), testCall());
    assert.equal((await stage.see(driver, handle(key, ref))).phase, 'starting');
    assert(heard.length > 1, heard.join());
  });

  it('tells the end of a log whose last lines come late', async () => {
    stage.aws.logs.lag = 300;
    const driver = stage.make({ timing: { ...quick, lag: 500 } });
    const key = newKey();
    const ref = await stage.submit(driver, { ...behaviours.print(['a', 'b'], 0), key });
    await stage.until(driver, handle(key, ref), 'ended');
    const chunks = await Array.fromAsync(driver.logs(stage.resource, handle(key, ref), {}, testCall()));
    assert.equal(Buffer.concat(chunks).toString(), 'a\nb\n');
  });

  it('is told nothing that isn’t coded', async () => {
    const nobody = stage.make().logs(stage.resource, handle(newKey()), {}, testCall());
    await assert.rejects(
      Array.fromAsync(nobody),
      (error) => error instanceof SteleError && hasCode(error, 'NOT_FOUND'),
    );
  });
});
