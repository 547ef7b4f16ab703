import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '@stele/sdk/api';
import { timeFactor } from '@stele/sdk/testing';
import {
  type ApiClient,
  endCleanly,
  type Engine,
  eventually,
  Platform,
  Postgres,
  type Problem,
  siteWith,
  skip,
  type TaskVisitor,
} from '../e2e/lib/index.ts';
import { News } from './lib/news.ts';
import { killDatabase, type Outage, shutdown, standstill } from './lib/outages.ts';
import { imageLimit, openPodman, software, worldOf } from './lib/world.ts';

const duration = 10_000;
const resources = worldOf({
  software: [software('Brief', { ECHO_EXIT_CODE: '3', ECHO_EXIT_AFTER: '5', ECHO_LOG_LINES: '20' })],
});

/** Tasks and listeners as they are when the database goes. */
class Scene implements AsyncDisposable {
  readonly engine: Engine;
  readonly platform: Platform;
  api!: ApiClient;
  task!: Task;
  news!: News;

  private constructor(engine: Engine, platform: Platform) {
    this.engine = engine;
    this.platform = platform;
  }

  static async open(database: string | undefined): Promise<Scene> {
    const engine = await openPodman();
    const site = siteWith(engine, { resources, ...(database === undefined ? {} : { database }) });
    const scene = new Scene(engine, await Platform.start({ site, engine }));
    scene.api = await scene.platform.logIn();
    const { id } = await scene.api.launch('Echo');
    scene.task = await scene.api.ready(id);
    scene.news = await News.listen(scene.api);
    return scene;
  }

  /** A database that was away has changed nothing for this task. */
  async demandUnchanged(): Promise<void> {
    const { phase, outcome, startedAt, ready } = await this.api.task(this.task.id);
    assert.deepEqual([phase, outcome, startedAt, ready], ['running', undefined, this.task.startedAt, true]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.news?.[Symbol.dispose]();
    await this.platform[Symbol.asyncDispose]();
  }
}

/** What goes on while the database is away. */
async function during(scene: Scene, outage: Outage, visitor: TaskVisitor): Promise<void> {
  const { api, news, platform } = scene;
  const end = Date.now() + duration;
  const healthy = await fetch(`${platform.url}/healthz`);
  assert.equal(healthy.status, 200);
  const ready = await fetch(`${platform.url}/readyz`);
  assert.equal(ready.status, 503);
  while (Date.now() < end) {
    assert.match(await visitor.text('/'), /web-echo/, 'who is inside stays inside');
    if (outage.isTold) await demandRefusal(api);
    await sleep(250);
  }
  assert.equal(news.hasEnded, false, news.heard);
}

/** An outage with a user inside of one task, and another task that ends meanwhile. */
async function survive(scene: Scene, outage: Outage): Promise<void> {
  const { api, task } = scene;
  const brief = await api.launch('Brief');
  await api.until(brief.id, 'running', ({ phase }) => phase === 'running');
  using visitor = await api.enter(task.id);
  // Whoever was let in is asked about again after a minute at the earliest.
  assert.match(await visitor.text('/'), /web-echo/);
  await outage.begin();
  const asked = api.get<Problem>('/tasks');
  try {
    await during(scene, outage, visitor);
  } finally {
    await outage.end();
  }
  assert([200, 503].includes((await asked).status));
  await goesOn(scene);
  await demandTruth(scene, brief);
}

async function demandRefusal(api: ApiClient): Promise<void> {
  const from = performance.now();
  const answer = await api.get<Problem>('/tasks');
  assert.deepEqual([answer.status, answer.body.code], [503, 'UNREACHABLE'], JSON.stringify(answer.body));
  assert.match(answer.body.detail, /database does not answer/);
  assert(performance.now() - from < 2_000 * timeFactor, 'a request hung');
}

async function goesOn(scene: Scene): Promise<void> {
  const { api, news } = scene;
  const answers = async (): Promise<boolean> => (await api.get('/tasks')).status === 200;
  await eventually('the platform answers again', answers, 20_000);
  await scene.demandUnchanged();
  const { id } = await api.launch('Echo');
  await api.ready(id);
  // Where other replicas may have said something meanwhile, listeners are sent away to be asked anew who they are.
  const hears = async (): Promise<boolean> => {
    await news.comeBack();
    return news.heard.includes(id);
  };
  await eventually('who listens is told of it', hears);
}

/** Ended while nobody could write it down. */
async function demandTruth({ api }: Scene, brief: Task): Promise<void> {
  const { outcome, exitCode } = await api.ended(brief.id);
  assert.deepEqual([outcome, exitCode], ['failed', 3]);
  assert.match(await (await api.fetch(`/tasks/${brief.id}/logs`)).text(), /^line 19$/m);
}

describe('the embedded database', function () {
  this.timeout(60_000);
  let scene: Scene;
  before(async function () {
    this.timeout(imageLimit);
    scene = await Scene.open(undefined);
  });
  after(() => scene?.[Symbol.asyncDispose]());

  it('is killed: back by itself, no task lost', async () => {
    await killDatabase(scene.platform);
    await goesOn(scene);
  });

  it('stands still for ten seconds: who is inside stays, requests wait or are refused, all goes on', async () => {
    await survive(scene, standstill(scene.platform));
  });

  it('leaves nothing', () => endCleanly(scene.platform, [scene.api], scene.engine));
});

describe('a site’s own PostgreSQL', function () {
  this.timeout(60_000);
  let postgres: Postgres;
  let scene: Scene;
  before(async function () {
    this.timeout(imageLimit);
    const opened = await Postgres.open();
    if (typeof opened === 'string') return skip(this, opened);
    postgres = opened;
    scene = await Scene.open(postgres.url);
  });
  after(async () => {
    await scene?.[Symbol.asyncDispose]();
    await postgres?.[Symbol.asyncDispose]();
  });

  it('is shut down for ten seconds: the API says so, who is inside stays, all goes on', async () => {
    await survive(scene, shutdown(postgres));
  });

  it('crashes while tasks are launched and stopped: what was promised is kept', async () => {
    const launches = Array.from({ length: 4 }, () => scene.api.launch('Echo').catch(() => undefined));
    await sleep(30);
    await postgres.stop('SIGQUIT');
    const promised = (await Promise.all(launches)).filter((task) => task !== undefined);
    await postgres.start();
    await goesOn(scene);
    for (const { id } of promised) await scene.api.ready(id);
  });

  it('leaves nothing', () => endCleanly(scene.platform, [scene.api], scene.engine));
});
