import assert from 'node:assert/strict';
import { hasCode, type Launch, type Observation, SteleError, type TaskHandle } from '@stele/sdk';
import { eventually, rejectsWith, testCall, testUser, watchLeftovers } from '@stele/sdk/testing';
import { DirectDialer } from '../../core/server/src/network/index.ts';
import { StandIn } from './lib/stand-in.ts';
import type { Fate } from './lib/task.ts';
import { behaviours, type Made, makeDriver, type Making, memoryStore, quick, resourceAt } from './lib/world.ts';

const greet = (key: string, parts: Partial<Launch> = {}): Launch => ({ ...behaviours.greet(), key, ...parts });
const handle = (key: string, ref?: string): TaskHandle => ({
  key,
  ...(ref === undefined ? {} : { ref }),
  who: testUser,
});

let number = 0;
const newKey = (): string => String((number += 1)).padStart(16, 'k');

describe('Fargate, when things go wrong', function () {
  this.timeout(30_000);
  watchLeftovers({ describe, it, before, after });
  let aws: StandIn;
  let resource: ReturnType<typeof resourceAt>;
  const made: Made[] = [];

  const make = (parts: Making = {}): Made['driver'] => {
    const one = makeDriver(parts);
    made.push(one);
    return one.driver;
  };
  const say = (): void => undefined;
  const submit = (driver: Made['driver'], launch: Launch, signal = AbortSignal.timeout(20_000)): Promise<string> =>
    driver.submit(resource, launch, say, testCall({ signal }));
  const see = async (driver: Made['driver'], task: TaskHandle): Promise<Observation> =>
    (await driver.observe(resource, [task], testCall())).get(task.key) ?? assert.fail('no answer');
  const until = async (driver: Made['driver'], task: TaskHandle, phase: Observation['phase']): Promise<Observation> => {
    let seen: Observation = { phase: 'absent' };
    await eventually(
      () => `${phase}, but ${JSON.stringify(seen)}`,
      async () => (seen = await see(driver, task)).phase === phase,
      10_000,
    );
    return seen;
  };
  const alive = (key: string) =>
    aws.cluster.tasks.filter(({ view }) => view.startedBy === `stele-${key}` && view.desiredStatus === 'RUNNING');

  beforeEach(async () => {
    aws = new StandIn();
    await aws.listen();
    resource = resourceAt(aws.endpoint);
  });
  afterEach(async () => {
    for (const { connections } of made.splice(0)) connections[Symbol.dispose]();
    await aws[Symbol.asyncDispose]();
    assert.deepEqual(aws.problems, []);
  });

  describe('a task is run once', () => {
    it('though the answer was lost on its way', async () => {
      const key = newKey();
      aws.faults.add('RunTask', { kind: 'cut', when: 'after' });
      await submit(make(), greet(key));
      assert.deepEqual([alive(key).length, aws.count('RunTask')], [1, 2]);
    });

    it('though the platform died, and ECS shows nothing yet', async () => {
      const key = newKey();
      aws.cluster.lag = 500;
      const [first, second] = await Promise.all([submit(make(), greet(key)), submit(make(), greet(key))]);
      assert.equal(first, second);
      assert.equal(alive(key).length, 1);
    });

    it('though the resource was changed in between', async () => {
      const key = newKey();
      const driver = make();
      const ref = await submit(driver, greet(key));
      // What has been asked to stop is in no list of what runs: the token alone tells of it.
      await driver.cancel(resource, handle(key, ref), testCall());
      resource = { ...resource, conf: { ...resource.conf, cpus: 1 } };
      assert.equal(await submit(make(), greet(key)), ref);
      assert.equal(aws.cluster.tasks.length, 1);
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
        aws.cluster.lag = 200;
        const leaving = new AbortController();
        const store = memoryStore();
        aws.faults.add(operation, { kind: 'slow', milliseconds: 150 });
        const submission = submit(make({ store }), greet(key), leaving.signal);
        await eventually(operation, () => aws.count(operation) > 0);
        leaving.abort();
        await rejectsWith('UNREACHABLE', submission);
        const driver = make({ store });
        await submit(driver, greet(key));
        assert.equal(alive(key).length, 1);
        assert.equal(aws.cluster.tasks.length, 1);
      });

      it(`or not at all, when its submission was ended at ${operation}, and it is cleaned up`, async () => {
        const key = newKey();
        aws.cluster.lag = 200;
        const leaving = new AbortController();
        const driver = make();
        aws.faults.add(operation, { kind: 'slow', milliseconds: 150 });
        const submission = submit(driver, greet(key), leaving.signal);
        await eventually(operation, () => aws.count(operation) > 0);
        leaving.abort();
        await rejectsWith('UNREACHABLE', submission);
        await driver.clean(resource, handle(key), testCall());
        assert.equal(alive(key).length, 0);
        assert.equal((await see(driver, handle(key))).phase, 'absent');
      });
    }
  });

  describe('a definition is registered once', () => {
    it('for tasks that come together, and for those that come after a restart', async () => {
      const keys = Array.from({ length: 5 }, newKey);
      const driver = make();
      await Promise.all(keys.map((key) => submit(driver, greet(key, { env: { KIT: 'greet', AUTH_PASS: key } }))));
      await submit(make(), greet(newKey()));
      assert.equal(aws.count('RegisterTaskDefinition'), 1);
    });

    it('and again when somebody has taken it away', async () => {
      const driver = make();
      await submit(driver, greet(newKey()));
      aws.cluster.registered.clear();
      await submit(driver, greet(newKey()));
      assert.equal(aws.count('RegisterTaskDefinition'), 2);
    });
  });

  describe('ECS lets wait', () => {
    it('for a while, which nobody notices', async () => {
      const key = newKey();
      for (const operation of ['ListTasks', 'RunTask', 'DescribeTasks']) aws.faults.throttle(operation, 2);
      const driver = make();
      const ref = await submit(driver, greet(key));
      assert.equal((await until(driver, handle(key, ref), 'running')).phase, 'running');
    });

    for (const [what, prepare] of [
      ['says that it is asked too often', (operation: string) => aws.faults.throttle(operation, 20)],
      ['breaks off', (operation: string) => aws.faults.add(operation, { kind: 'cut', when: 'before' }, 20)],
      ['answers in HTML', (operation: string) => aws.faults.add(operation, { kind: 'html', status: 502 }, 20)],
    ] as const) {
      it(`for longer, and ${what}: no task changes, and a submission is tried again`, async () => {
        const driver = make();
        const key = newKey();
        const ref = await submit(driver, greet(key));
        prepare('DescribeTasks');
        await rejectsWith(
          'UNREACHABLE',
          driver.observe(resource, [handle(key, ref)], testCall({ signal: AbortSignal.timeout(20_000) })),
        );
        aws.faults.clear();
        prepare('RunTask');
        const error = await rejectsWith('UNREACHABLE', submit(driver, greet(newKey())));
        assert.equal(error.field, undefined);
        aws.faults.clear();
      });
    }

    it('no longer than the caller does', async () => {
      aws.faults.add('DescribeClusters', { kind: 'slow', milliseconds: 3_000 });
      const from = performance.now();
      await rejectsWith('UNREACHABLE', make().describe(resource, testCall({ signal: AbortSignal.timeout(200) })));
      assert(performance.now() - from < 1_500);
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
        const driver = make();
        aws.cluster.refusals.push({ reason });
        const error = await rejectsWith('UNREACHABLE', submit(driver, greet(key)));
        assert.match(error.message, words);
        assert.equal(error.field, undefined, 'it is tried again');
        const ref = await submit(driver, greet(key));
        await until(driver, handle(key, ref), 'running');
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
        const driver = make();
        aws.cluster.fates.push(fate);
        const ref = await submit(driver, greet(key));
        const seen = await until(driver, handle(key, ref), 'ended');
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
        const driver = make();
        aws.cluster.fates.push({ at: 'start', stopCode: 'TaskFailedToStart', stoppedReason });
        await rejectsWith(code, submit(driver, greet(key)), 'image');
        assert.equal((await see(driver, handle(key))).phase, 'absent');
      });
    }
  });

  describe('what ECS doesn’t show', () => {
    it('isn’t taken for over: a task that was just made', async () => {
      const key = newKey();
      const driver = make();
      const ref = await submit(driver, greet(key));
      aws.cluster.forget(ref.split('@')[0] ?? '');
      const seen = await see(driver, handle(key, ref));
      assert.equal(seen.phase, 'unknown');
    });

    it('is absent when it should have shown long ago, and never completed', async () => {
      const id = 'a'.repeat(32);
      const long = Math.floor(Date.now() / 1_000) - 3_600;
      assert.deepEqual(await see(make(), handle(newKey(), `${id}@${long}`)), { phase: 'absent' });
      assert.deepEqual(await see(make(), handle(newKey(), id)), { phase: 'absent' });
    });

    it('can be asked to end, and is asked again', async () => {
      const key = newKey();
      const driver = make();
      const ref = await submit(driver, greet(key));
      aws.cluster.lag = 60_000;
      await driver.cancel(resource, handle(key, ref), testCall());
      aws.cluster.lag = 0;
      assert.equal(alive(key).length, 1);
      await driver.cancel(resource, handle(key, ref), testCall());
      await until(driver, handle(key, ref), 'ended');
    });
  });

  it('sees 250 tasks with three questions', async () => {
    aws.cluster.pace = 1;
    const driver = make();
    const tasks = Array.from({ length: 250 }, (_, index) => {
      const key = newKey();
      const id = index.toString(16).padStart(32, '0');
      return handle(key, `${id}@${Math.floor(Date.now() / 1_000)}`);
    });
    const seen = await driver.observe(resource, tasks, testCall());
    assert.deepEqual([seen.size, aws.count('DescribeTasks')], [250, 3]);
    assert([...seen.values()].every(({ phase }) => phase === 'unknown'));
  });

  describe('a check names what fails', () => {
    for (const [what, change, code, field] of [
      ['the cluster', { cluster: 'other' }, 'NOT_FOUND', 'conf.cluster'],
      ['the log group', { logGroup: '/other' }, 'NOT_FOUND', 'conf.logGroup'],
      ['the endpoint', { endpoint: 'http://127.0.0.1:1' }, 'UNREACHABLE', undefined],
      ['a way without TLS', { endpoint: 'http://10.0.0.1' }, 'DENIED', 'conf.endpoint'],
    ] as const) {
      it(what, async () => {
        const changed = { ...resource, conf: { ...resource.conf, ...change } };
        const error = await rejectsWith(code, make().describe(changed, testCall()));
        assert.equal(error.field, field);
      });
    }

    it('the key', async () => {
      const credentials = { accessKeyId: 'AKIAOTHER', secretAccessKey: 'canary-secret' };
      const error = await rejectsWith('DENIED', make({ credentials }).describe(resource, testCall()), 'credentials');
      assert(!JSON.stringify([error.message, error.raw]).includes('canary-secret'));
    });

    it('the right', async () => {
      aws.faults.deny('DescribeClusters');
      const error = await rejectsWith('DENIED', make().describe(resource, testCall()));
      assert.match(error.message, /ecs:DescribeClusters/);
    });

    it('the subnets, when something is run', async () => {
      const changed = { ...resource, conf: { ...resource.conf, subnets: ['subnet-00000000'] } };
      await rejectsWith('INVALID', make().submit(changed, greet(newKey()), say, testCall()), 'conf.subnets');
    });
  });

  describe('reach', () => {
    it('leads into the networks of the resource alone', async () => {
      const key = newKey();
      const driver = make();
      const ref = await submit(driver, greet(key));
      await until(driver, handle(key, ref), 'running');
      const elsewhere = { ...resource, conf: { ...resource.conf, networks: ['10.0.0.0/8'] } };
      const { address, via } = await driver.reach(elsewhere, handle(key, ref), testCall());
      await rejectsWith('DENIED', via.dial(address, testCall().signal));
    });

    it('never leads to the platform itself, whatever ECS says', async () => {
      const key = newKey();
      const driver = make({ direct: new DirectDialer() });
      const ref = await submit(driver, greet(key));
      await until(driver, handle(key, ref), 'running');
      const { address, via } = await driver.reach(resource, handle(key, ref), testCall());
      assert.equal(via.isDirect, false);
      const error = await rejectsWith('DENIED', via.dial(address, testCall().signal));
      assert.match(error.message, /platform itself/);
    });
  });

  it('says so when the image takes too long, and lets the task be', async () => {
    const key = newKey();
    aws.cluster.pace = 400;
    const driver = make({ timing: { ...quick, image: 100 } });
    const heard: string[] = [];
    const ref = await driver.submit(resource, greet(key), (reason) => heard.push(reason), testCall());
    assert.equal((await see(driver, handle(key, ref))).phase, 'starting');
    assert(heard.length > 1, heard.join());
  });

  it('tells the end of a log whose last lines come late', async () => {
    aws.logs.lag = 300;
    const driver = make({ timing: { ...quick, lag: 500 } });
    const key = newKey();
    const ref = await submit(driver, { ...behaviours.print(['a', 'b'], 0), key });
    await until(driver, handle(key, ref), 'ended');
    const chunks = await Array.fromAsync(driver.logs(resource, handle(key, ref), {}, testCall()));
    assert.equal(Buffer.concat(chunks).toString(), 'a\nb\n');
  });

  it('is told nothing that isn’t coded', async () => {
    const nobody = make().logs(resource, handle(newKey()), {}, testCall());
    await assert.rejects(
      Array.fromAsync(nobody),
      (error) => error instanceof SteleError && hasCode(error, 'NOT_FOUND'),
    );
  });
});
