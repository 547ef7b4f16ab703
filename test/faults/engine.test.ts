import assert from 'node:assert/strict';
import type { CheckResult, Computing, Task } from '@stele/sdk/api';
import { timeFactor } from '@stele/sdk/testing';
import {
  type ApiClient,
  endCleanly,
  type Engine,
  eventually,
  Platform,
  type Problem,
  siteWith,
  Yard,
} from '../e2e/lib/index.ts';
import { MoodyEngine } from './lib/moody-engine.ts';
import { writePlugins } from './lib/plugins.ts';
import { computing, imageLimit, openPodman, worldOf } from './lib/world.ts';

const resources = worldOf({
  computing: [computing('Without engine', 'docker'), computing('Moody', MoodyEngine.id)],
});

describe('a container engine that fails', function () {
  this.timeout(90_000);
  let yard: Yard;
  let engine: Engine;
  let moody: MoodyEngine;
  let platform: Platform;
  let api: ApiClient;
  let steady: Task;
  let task: Task;
  /** Of the same engine. */
  let spare: Task;

  before(async function () {
    this.timeout(imageLimit);
    engine = await openPodman();
    yard = await Yard.open();
    moody = await MoodyEngine.make(yard);
    const folder = await writePlugins(yard, { 'engine-moody': moody.plugin });
    const docker = { enabled: true, command: '/nonexistent/docker' };
    const site = siteWith(engine, {
      resources,
      pluginFolders: { development: [folder] },
      plugins: { 'engine-docker': docker },
    });
    platform = await Platform.start({ site, engine, yard });
    api = await platform.logIn();
    [steady, task, spare] = await Promise.all([
      api.launch('Echo'),
      api.launch('Echo', {}, 'Moody'),
      api.launch('Echo', {}, 'Moody'),
    ]);
    steady = await api.ready(steady.id);
    task = await api.ready(task.id);
    await api.ready(spare.id);
  });

  after(async () => {
    await platform?.[Symbol.asyncDispose]();
    await yard?.[Symbol.asyncDispose]();
  });

  const health = async (name: string): Promise<Computing['health']> => (await api.computing(name)).health;
  const wish = async (name: string) => ({
    software: (await api.software('Echo')).id,
    computing: (await api.computing(name)).id,
  });

  /** The resource says what is wrong, in time. */
  async function saysOf(name: string, words: RegExp): Promise<void> {
    await eventually(`${name} says ${words}`, async () => words.test((await health(name)).reason ?? ''), 40_000);
    assert.equal((await health(name)).state, 'failing');
  }

  /** Everything else answers at once, and runs tasks. */
  async function demandTheRestIsQuick(): Promise<void> {
    for (const path of ['/tasks', '/computing', '/software', `/tasks/${task.id}`]) {
      const from = performance.now();
      await api.must('GET', path);
      const took = performance.now() - from;
      assert(took < 1_000 * timeFactor, `${path} took ${Math.round(took)} ms`);
    }
    const other = await api.launch('Echo');
    assert.equal((await api.ready(other.id)).phase, 'running');
    await api.stop(other.id);
  }

  /** What a task must not be turned into by an engine that says nothing about it. */
  async function demandUnchanged(): Promise<void> {
    const { phase, outcome, ready, startedAt } = await api.task(task.id);
    assert.deepEqual([phase, outcome, ready, startedAt], ['running', undefined, true, task.startedAt]);
    assert.equal((await api.task(steady.id)).ready, true);
  }

  it('missing from the start: said at the check, in the form and at the launch; nothing hangs', async () => {
    const { id } = await api.computing('Without engine');
    const echo = await api.software('Echo');
    const from = performance.now();
    const check = await api.must<CheckResult>('POST', `/computing/${id}/check`);
    assert.deepEqual([check.ok, check.code], [false, 'UNSUPPORTED']);
    assert.match(check.reason ?? '', /Docker is not installed/);
    const options = await api.get<Problem>(`/computing/${id}/options?software=${echo.id}`);
    assert.equal(options.status, 422);
    assert.match(options.body.detail, /Docker is not installed/);
    const launch = await api.post<Problem>('/tasks', await wish('Without engine'));
    assert.equal(launch.status, 422);
    assert.match(launch.body.detail, /Docker is not installed/);
    assert(performance.now() - from < 5_000 * timeFactor, 'it took long');
    assert.equal((await api.items<Task>('/tasks')).length, 3, 'no task was made');
  });

  it('gone while a task runs: the task is neither lost nor ended, and says why nothing is known', async () => {
    await moody.be('missing');
    await eventually(
      'the task says why',
      async () => /not installed/.test((await api.task(task.id)).reason ?? ''),
      20_000,
    );
    const { phase, outcome } = await api.task(task.id);
    assert.deepEqual([phase, outcome], ['running', undefined]);
    await moody.be('fine');
    await eventually('the reason is gone', async () => (await api.task(task.id)).reason === undefined, 20_000);
    await demandUnchanged();
  });

  it('gone between launch and submission: rejected in words', async () => {
    const before = await wish('Moody');
    await api.must('GET', `/computing/${before.computing}/options`);
    await moody.be('missing');
    const { id } = await api.must<Task>('POST', '/tasks', before);
    const { outcome, reason } = await api.ended(id);
    assert.equal(outcome, 'rejected');
    assert.match(reason ?? '', /not installed/);
    await moody.be('fine');
    await api.must('DELETE', `/tasks/${id}`);
  });

  it('hanging: limited in time, said by the resource; the rest stays quick', async () => {
    await moody.be('hanging');
    const { id } = await api.computing('Moody');
    const from = performance.now();
    const check = api.must<CheckResult>('POST', `/computing/${id}/check`);
    const launch = api.post<Problem>('/tasks', await wish('Moody'));
    await demandTheRestIsQuick();
    const { ok, code, reason } = await check;
    assert.deepEqual([ok, code], [false, 'UNREACHABLE']);
    assert.match(reason ?? '', /did not answer within/);
    const { status, body } = await launch;
    assert.equal(status, 503);
    assert.match(body.detail, /did not answer within/);
    assert(performance.now() - from < 25_000 * timeFactor, 'it took long');
    await saysOf('Moody', /did not answer within/);
    assert.deepEqual((await health('This machine')).state, 'ok');
    await demandUnchanged();
  });

  it('that makes no sense: no task changes', async () => {
    await moody.be('garbage');
    const launch = await api.post<Problem>('/tasks', await wish('Moody'));
    assert.equal(launch.status, 502, JSON.stringify(launch.body));
    // Has the resource looked at without waiting for its turn, which comes ever more rarely.
    await api.must('POST', `/tasks/${spare.id}/stop`);
    await saysOf('Moody', /can’t be understood|could not/);
    await demandUnchanged();
    await demandTheRestIsQuick();
  });

  it('and works again: so does everything', async () => {
    await moody.be('fine');
    await api.stop(task.id);
    await api.ended(spare.id);
    assert.equal((await health('Moody')).state, 'ok');
    const again = await api.launch('Echo', {}, 'Moody');
    await api.ready(again.id);
    assert.equal(await moody.hangers(), 0, 'nothing hangs on');
    await endCleanly(platform, [api], engine);
  });
});
