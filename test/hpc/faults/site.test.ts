import assert from 'node:assert/strict';
import { hasCode, type TaskHandle } from '@stele/sdk';
import { eventually, rejectsWith, testUser } from '@stele/sdk/testing';
import { skip } from '../../e2e/lib/skip.ts';
import { SiteAccess } from '../lib/site-access.ts';
import { openSite, type Site, siteMissing, type Suite } from '../lib/site.ts';
import { greeter, slurmDriver, slurmResource } from '../lib/slurm-world.ts';
import { call, patience, randomKey, sleeper, Yard } from '../lib/yard.ts';

/** Of `ada`, who is bob on the site, and of another user, who is stele there. */
const other = { kind: 'user', id: '0197a3c0-0000-7000-8000-000000000002', name: 'grace' } as const;

function siteIn(suite: Suite, tests: (site: () => Site, yard: () => Yard) => void): void {
  describe(`a cluster in trouble: ${suite}`, function () {
    this.timeout(patience * 3);
    let site: Site;
    let yard: Yard;

    before(async function () {
      this.timeout(600_000);
      const why = await siteMissing();
      if (why !== undefined) return skip(this, why);
      site = await openSite({ suite });

      yard = new Yard(site, new SiteAccess(site, 'bob', ({ who }) => (who === other ? 'stele' : 'bob'), 0));
    });

    after(async function () {
      this.timeout(120_000);
      await site?.close();
      await yard?.close();
    });

    tests(
      () => site,
      () => yard,
    );
  });
}

const hog = `echo up; exec perl -e '$x = "a" x 500_000_000; sleep 60'`;

/** Its own words would not tell it from any other failure: the scheduler's do. */
function outOfMemory(yard: () => Yard): void {
  it('who takes more memory than was given is told so', async () => {
    const seen = await yard().until(await yard().launch(hog), 'ended');
    assert.equal(seen['outcome'], 'out-of-memory', JSON.stringify(seen));
  });
}

function requeue(site: () => Site, yard: () => Yard): void {
  it('a job that the cluster queues again is followed', async () => {
    const handle = await yard().launch(sleeper, {}, { conf: { requeue: true } });
    await yard().until(handle, 'running');
    await site().on('login', 'scontrol', 'requeue', handle.ref ?? '');
    const seen = await yard().until(handle, 'queued');
    assert.match(String(seen['reason']), /queued again/);
    // Slurm gives it two minutes. In the second in which it was killed, its node refuses it: “already killed, do not launch”.
    await site().on('login', 'scontrol', 'update', `JobId=${handle.ref}`, 'StartTime=now+2');
    assert.equal((await yard().until(handle, 'running'))['ref'], handle.ref);
    await yard().cancel(handle);
  });
}

/** Both nodes are filled by jobs that give way to all others, and then the others come. */
function preemption(yard: () => Yard): void {
  it('a job that has to make room is told apart, or queued again where that is wanted', async () => {
    const whole = { cpus: 2, partition: 'spare' };
    const over = await yard().running(sleeper, whole);
    const again = await yard().launch(sleeper, whole, { conf: { requeue: true } });
    await yard().until(again, 'running');
    const first = await Promise.all(['gpu', 'long'].map((partition) => yard().launch(sleeper, { cpus: 2, partition })));
    const seen = await yard().until(over, 'ended');
    assert.equal(seen['outcome'], 'preempted', JSON.stringify(seen));
    assert.match(String(seen['reason']), /make room/);
    assert.match(String((await yard().until(again, 'queued'))['reason']), /queued again/);
    await Promise.all([...first, again].map((handle) => yard().cancel(handle)));
  });
}

async function isIdle(site: Site, node: string): Promise<boolean> {
  const state = ['sinfo', '--noheader', '--nodes', node, '--partition', 'debug', '--format', '%T'];
  return /^(?:idle|mixed|allocated)$/.test(await site.on('login', ...state));
}

/** Numbers of what the cluster has of these tasks. */
function jobsOf(site: Site, handles: readonly TaskHandle[]): Promise<string> {
  const names = handles.map(({ key }) => `stele-${key}`).join(',');
  return site.on('login', 'squeue', '--noheader', `--name=${names}`, '--format=%i');
}

async function phases(yard: Yard, handles: readonly TaskHandle[]): Promise<readonly string[]> {
  const seen = await yard.driver.observe(yard.resource, handles, call());
  return [...seen.values()].map(({ phase }) => phase);
}

siteIn('trixie', (site, yard) => {
  // A minute, which goes by while the other tests run; on the node that stays.
  let late: TaskHandle;
  before(async () => {
    late = await yard().launch('trap "" TERM; while :; do sleep 1; done', { partition: 'gpu', time: 60 });
  });

  it('a controller that is away for a while changes nothing for twenty tasks', async () => {
    const launches = Array.from({ length: 20 }, () => yard().launch(sleeper, { partition: 'debug' }));
    const handles = await Promise.all(launches);
    const count = async (phase: string) => (await phases(yard(), handles)).filter((one) => one === phase).length;
    const areIn = async () =>
      (await count('running')) >= 3 && (await count('running')) + (await count('queued')) === 20;
    await eventually('some run, and the others have no room', areIn, patience);
    const unsent = randomKey();
    await site().stopController();
    try {
      const sent = yard().launch(sleeper, {}, { key: unsent });
      await Promise.all([phases(yard(), handles), sent].map((work) => rejectsWith('UNREACHABLE', work)));
    } finally {
      await site().startController();
    }
    await eventually('all twenty are as they were', areIn, patience);
    const seen = await yard().driver.observe(yard().resource, handles, call());
    for (const { key, ref } of handles) assert.equal((seen.get(key) as { ref?: string }).ref, ref);
    const once = await yard().launch(sleeper, {}, { key: unsent });
    assert.equal(await jobsOf(site(), [once]), once.ref);
    await Promise.all([...handles, once].map((handle) => yard().driver.clean(yard().resource, handle, call())));
    assert.equal(await jobsOf(site(), [...handles, once]), '');
  });

  it('a node without its cable for a moment keeps its task, and whoever calls meanwhile isn’t left waiting', async () => {
    const handle = await yard().running(greeter, { partition: 'long' });
    await eventually('it listens', async () => (await yard().greeting(handle)) === 'hello\n', patience);
    await site().unplug('node2');
    try {
      await rejectsWith('UNREACHABLE', yard().greeting(handle, AbortSignal.timeout(2_000)));
      assert.equal((await yard().see(handle)).phase, 'running');
    } finally {
      await site().plug('node2');
    }
    assert.equal(await yard().greeting(handle), 'hello\n');
    await yard().cancel(handle);
  });

  it('a node that crashes is told apart, and its task is queued again where that is wanted', async () => {
    const on2 = { partition: 'long' };
    const lost = await yard().running(sleeper, on2);
    const again = await yard().launch(sleeper, on2, { conf: { requeue: true } });
    await yard().until(again, 'running');
    await site().crash('node2');
    try {
      const seen = await yard().until(lost, 'ended');
      assert.equal(seen['outcome'], 'node-failed', JSON.stringify(seen));
      assert.match(String((await yard().until(again, 'queued'))['reason']), /queued again/);
    } finally {
      await site().boot('node2');
    }
    await Promise.all([lost, again].map((handle) => yard().cancel(handle)));
    await eventually('the node is back', () => isIdle(site(), 'node2'), patience);
  });

  it('a full home stops no task, and is told to who launches', async () => {
    const handle = await yard().running(
      `${greeter.replace('exec ', 'while :; do echo more; sleep 0.2; done & exec ')}`,
    );
    await site().fillHome('bob');
    try {
      const error = await rejectsWith('LIMIT', yard().launch(sleeper));
      assert.match(error.message, /room|full|space/i);
      assert.equal((await yard().see(handle)).phase, 'running');
      assert.equal(await yard().greeting(handle), 'hello\n');
      await yard().cancel(handle);
      const seen = await yard().until(handle, 'ended');
      assert.notEqual(seen['outcome'], 'completed', JSON.stringify(seen));
    } finally {
      await site().freeHome('bob');
    }
    await yard().cancel(await yard().running());
  });

  it('a key that is withdrawn hides one user’s tasks and ends none', async () => {
    const mine = await yard().running();
    const theirs = await yard().launch(sleeper, {}, { who: other });
    await yard().until(theirs, 'running');
    await site().deauthorize('bob');
    try {
      await rejectsWith('DENIED', phases(yard(), [mine]));
      const seen = await yard().driver.observe(yard().resource, [mine, theirs], call());
      assert.equal(seen.get(theirs.key)?.phase, 'running');
      assert.notEqual(seen.get(mine.key)?.phase, 'absent');
      await rejectsWith('DENIED', yard().launch(sleeper));
    } finally {
      await site().authorize('bob');
    }
    // A host that refuses somebody isn't asked again at once.
    const isSeen = async () =>
      (
        await yard()
          .see(mine)
          .catch(() => undefined)
      )?.phase === 'running';
    await eventually('it is seen again', isSeen, 45_000);
    await Promise.all([mine, theirs].map((handle) => yard().cancel(handle)));
  });

  it('a host key that changes keeps everybody out until it is right again', async () => {
    const handle = await yard().running();
    const key = await site().changeHostKey('login');
    try {
      const error = await rejectsWith('DENIED', phases(yard(), [handle]));
      assert.match(error.message, /host key/);
      using access = new SiteAccess(site());
      const confirmed = { ...slurmResource(access), accessConf: access.conf({ hostKeys: [key] }) };
      const seen = await slurmDriver(access).observe(confirmed, [handle], call());
      assert.equal(seen.get(handle.key)?.phase, 'running');
    } finally {
      await site().restoreHostKey('login');
    }
    assert.equal((await yard().see(handle)).phase, 'running');
    await yard().cancel(handle);
  });

  it('a job that is cancelled on the cluster is told so, without accounting', async () => {
    const handle = await yard().running();
    await site().as('bob', 'login', 'scancel', handle.ref ?? '');
    const seen = await yard().until(handle, 'ended');
    assert.equal(seen['outcome'], 'cancelled');
    assert.match(String(seen['reason']), /cancelled on the cluster/);
  });

  it('a job is held and released', async () => {
    const handle = await yard().launch(sleeper, { partition: 'debug', time: 7_200 });
    await yard().driver.hold?.(yard().resource, handle, call());
    assert.match(String((await yard().until(handle, 'held'))['reason']), /owner/);
    await yard().driver.release?.(yard().resource, handle, call());
    await yard().until(handle, 'queued');
  });

  outOfMemory(yard);
  requeue(site, yard);
  preemption(yard);

  it('a time limit is told apart, and enforced', async () => {
    assert.equal((await yard().until(late, 'ended'))['outcome'], 'timed-out');
  });
});

siteIn('bookworm', (site, yard) => {
  it('a node that is cut off for long has failed, and keeps nothing of its task once it is back', async () => {
    const handle = await yard().running(greeter, { partition: 'long' });
    await site().unplug('node2');
    try {
      assert.equal((await yard().until(handle, 'ended'))['outcome'], 'node-failed');
    } finally {
      await site().plug('node2');
    }
    const ofBob = () => site().on('node2', 'sh', '-c', 'pgrep -u bob || true');
    await eventually('nothing of it runs', async () => (await ofBob()) === '', patience);
    // Who was killed could not clean up: the next task on the node does.
    await yard().until(await yard().launch('exit 0', { partition: 'long' }), 'ended');
    assert.equal(await site().on('node2', 'sh', '-c', 'ls -d /tmp/stele-* || true'), '');
  });

  outOfMemory(yard);
  requeue(site, yard);
  preemption(yard);

  it('a controller that is away for a moment changes nothing', async () => {
    const handle = await yard().running();
    await site().stopController();
    try {
      const error: unknown = await yard()
        .see(handle)
        .catch((reason: unknown) => reason);
      assert(hasCode(error, 'UNREACHABLE'), JSON.stringify(error));
    } finally {
      await site().startController();
    }
    await eventually('it answers again', async () => (await yard().see(handle)).phase === 'running', patience);
    assert.equal((await yard().see({ key: handle.key, who: testUser })).phase, 'running');
  });
});
