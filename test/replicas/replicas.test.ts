import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '@stele/sdk/api';
import { timeFactor } from '@stele/sdk/testing';
import { type ApiClient, eventually, type Platform, skip, TaskVisitor } from '../e2e/lib/index.ts';
import { News } from '../faults/lib/news.ts';
import { Pair } from './lib/pair.ts';

/** Milliseconds within which the other replica has to have taken over. */
const takeover = 15_000;

describe('two replicas on one database', function () {
  this.timeout(90_000);
  let pair: Pair;
  let atA: ApiClient;
  let atB: ApiClient;

  before(async function () {
    const opened = await Pair.open();
    if (typeof opened === 'string') return skip(this, opened);
    pair = opened;
    atA = await pair.a.logIn();
    atB = pair.at(pair.b, atA);
  });
  after(() => pair?.[Symbol.asyncDispose]());

  const launch = (api: ApiClient): Promise<Task> => api.launch('Echo', {}, 'Place');
  const platformOf = (pid: number | undefined): Platform => (pid === pair.a.pid ? pair.a : pair.b);
  const clientOf = (platform: Platform): ApiClient => (platform === pair.a ? atA : atB);
  /** The one that looks after the resource, and the other. */
  async function roles(): Promise<{ holder: Platform; other: Platform }> {
    const holder = platformOf(await pair.ledger.holder());
    return { holder, other: holder === pair.a ? pair.b : pair.a };
  }
  /** Sooner than the next look that nobody asked for, which comes after five seconds. */
  const quickly = async (limit: number, work: () => Promise<unknown>): Promise<void> => {
    const from = performance.now();
    await work();
    const took = performance.now() - from;
    assert(took < Math.min(limit * timeFactor, 4_500), `it took ${took.toFixed(0)} ms`);
  };

  it('take each other’s sessions, and have the same people', async () => {
    const [a, b] = await Promise.all([atA, atB].map((api) => api.must<{ id: string }>('GET', '/me')));
    assert.equal(a?.id, b?.id);
  });

  it('look after a resource one at a time: what is asked of either is done at once', async () => {
    const [one, two] = await Promise.all([launch(atA), launch(atB)]);
    await Promise.all([atA.ready(one.id), atB.ready(two.id)]);
    const { other } = await roles();
    const api = clientOf(other);
    const three = await launch(api);
    await quickly(3_000, () => api.ready(three.id));
    await quickly(4_000, () => api.stop(three.id));
    await quickly(3_000, async () => {
      await api.must('DELETE', `/tasks/${three.id}`);
      await eventually('it is gone', async () => (await atA.get(`/tasks/${three.id}`)).status === 404);
    });
    assert.equal((await pair.ledger.holders()).length, 1, 'both have looked');
  });

  it('tell each other’s pages what happens', async () => {
    using hearing = await News.listen(atB);
    const task = await launch(atA);
    await eventually('it is heard', () => hearing.heard.includes(task.id));
    await atA.ready(task.id);
    await eventually('so is its state', () => hearing.heard.includes('"ready":true'));
    await atA.stop(task.id);
    await atA.must('DELETE', `/tasks/${task.id}`);
    await eventually('so is its end', () => hearing.heard.includes('event: task-removed'));
  });

  it('let a browser in by a ticket of the other, once', async () => {
    const task = await launch(atA);
    await atA.ready(task.id);
    const connection = await atA.connect(task.id);
    assert(connection.kind === 'web');
    const url = new URL(connection.url);
    url.port = `${pair.b.port}`;
    using visitor = await TaskVisitor.enter(url.href);
    assert.equal(await visitor.text('/'), 'the application');
    await assert.rejects(TaskVisitor.enter(connection.url), 'the ticket was good twice');
    const cookieAtA = new TaskVisitor(new URL(connection.url), visitor.cookie);
    assert.equal(await cookieAtA.text('/'), 'the application');
    cookieAtA[Symbol.dispose]();
  });

  it('cut off at the one who logs out at the other', async () => {
    const own = await pair.a.logIn().catch(() => undefined);
    assert.equal(own, undefined, 'a link is good once');
    const link = await atA.logInLink();
    const { ApiClient } = await import('../e2e/lib/index.ts');
    const guest = await ApiClient.logIn(pair.a.url, link);
    using hearing = await News.listen(pair.at(pair.b, guest));
    await guest.must('DELETE', '/session');
    await eventually('the stream at the other ends', () => hearing.hasEnded, 3_000);
  });

  it('switch plugins together', async () => {
    const stateAtB = async (): Promise<string | undefined> =>
      (await atB.items<{ id: string; state: string }>('/plugins')).find(({ id }) => id === 'protocol-vnc')?.state;
    await atA.must('POST', '/plugins/protocol-vnc/disable');
    await eventually('it is disabled at the other', async () => (await stateAtB()) === 'disabled');
    await atA.must('POST', '/plugins/protocol-vnc/enable');
    await eventually('it is back at the other', async () => (await stateAtB()) === 'active');
  });

  /** What is under way when the holder is killed. Answers the task. */
  const moments: readonly (readonly [string, string | undefined, (api: ApiClient) => Promise<Task>])[] = [
    ['when a launch was accepted', undefined, launch],
    ['while it submits, before the task exists', 'submit', launch],
    ['while it submits, after the task exists', 'submitted', launch],
    ['while a task runs', undefined, async (api) => api.ready((await launch(api)).id)],
    [
      'while it stops a task',
      'cancel',
      async (api) => {
        const { id } = await api.ready((await launch(api)).id);
        return api.must<Task>('POST', `/tasks/${id}/stop`);
      },
    ],
    [
      'while it cleans up',
      'clean',
      async (api) => {
        const { id } = await api.ready((await launch(api)).id);
        return api.must<Task>('POST', `/tasks/${id}/stop`);
      },
    ],
  ];
  for (const [when, slow, bring] of moments) {
    it(`lose nothing and double nothing when one is killed ${when}`, async () => {
      const warm = await launch(atA);
      await atA.ready(warm.id);
      const { holder, other } = await roles();
      if (slow !== undefined) await pair.ledger.slow(slow, 60_000);
      const task = await bring(clientOf(other));
      if (slow !== undefined) await underWay(slow === 'submitted' ? 'began' : slow, task.key);
      await holder.kill();
      if (slow !== undefined) await pair.ledger.slow(slow, 0);
      await takesOver(other, holder);
      await demandTruth(clientOf(other), task, slow === 'cancel' || slow === 'clean');
      await holder.start();
      await clientOf(other).stop(warm.id);
      await pair.ledger.demandNoDoubles();
    });
  }

  const underWay = (what: string, key: string): Promise<void> =>
    eventually(`${what} is under way`, async () => (await pair.ledger.count(what, key)) > 0);

  async function takesOver(next: Platform, killed: Platform): Promise<void> {
    const gone = killed.pid;
    const from = performance.now();
    await eventually('the other takes over', async () => (await pair.ledger.holder()) === next.pid, takeover);
    console.log(`      taken over after ${((performance.now() - from) / 1000).toFixed(1)} s`);
    assert.notEqual(gone, next.pid);
  }

  async function demandTruth(api: ApiClient, task: Task, isStopped: boolean): Promise<void> {
    if (isStopped) {
      const { outcome } = await api.ended(task.id);
      assert(outcome === 'completed' || outcome === 'cancelled', outcome);
      assert.equal(await (await api.fetch(`/tasks/${task.id}/logs`)).text(), `log of ${task.key}\n`);
    } else {
      await api.ready(task.id);
      await api.stop(task.id);
    }
    assert.equal(await pair.ledger.count('began', task.key), 1);
  }

  it('one that stood still for long does nothing when it wakes', async () => {
    const task = await launch(atA);
    await atA.ready(task.id);
    const { holder, other } = await roles();
    process.kill(holder.pid, 'SIGSTOP');
    try {
      await eventually('the other takes over', async () => (await pair.ledger.holder()) === other.pid, takeover);
    } finally {
      process.kill(holder.pid, 'SIGCONT');
    }
    const before = await pair.ledger.holders();
    const { length } = await pair.ledger.lines();
    await clientOf(holder).until(task.id, 'running', ({ phase }) => phase === 'running');
    await sleep(6_000);
    const lines = (await pair.ledger.lines()).slice(length);
    assert(lines.length > 0, 'nobody looks any more');
    assert.deepEqual([...new Set(lines.map(({ pid }) => pid))], [other.pid]);
    assert.deepEqual(await pair.ledger.holders(), before);
    await clientOf(holder).stop(task.id);
  });

  it('go on after the database was away, with one at a time', async () => {
    const task = await launch(atA);
    await atA.ready(task.id);
    await pair.postgres.stop('SIGQUIT');
    await sleep(9_000);
    const { length } = await pair.ledger.lines();
    await pair.postgres.start();
    await eventually('somebody looks again', async () => (await pair.ledger.lines()).length > length + 2, takeover);
    const after = (await pair.ledger.lines()).slice(length + 1);
    assert.equal(new Set(after.map(({ pid }) => pid)).size, 1);
    using hearing = await News.listen(atB);
    await atA.stop(task.id);
    await eventually('news goes on', () => hearing.heard.includes(task.id));
  });

  it('end as they should', async () => {
    for (const task of await atA.items<Task>('/tasks')) {
      if (task.phase !== 'ended') await atA.stop(task.id);
      await atA.must('DELETE', `/tasks/${task.id}`);
    }
    assert.deepEqual([await pair.a.stop(), await pair.b.stop()], [0, 0], pair.a.said + pair.b.said);
    await pair.ledger.demandNoDoubles();
  });
});
