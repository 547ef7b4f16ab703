import assert from 'node:assert/strict';
import {
  type ApiClient,
  containerOf,
  Engine,
  eventually,
  type Platform,
  skip,
  type TaskVisitor,
} from '../e2e/lib/index.ts';
import { Pair, visitorAt } from './lib/pair.ts';

describe('two replicas with Podman on this machine', function () {
  this.timeout(90_000);
  let engine: Engine;
  let pair: Pair;
  let atA: ApiClient;
  let atB: ApiClient;

  before(async function () {
    this.timeout(600_000);
    const found = await Engine.open('podman', 'web-echo');
    if (typeof found === 'string') return skip(this, found);
    engine = found;
    const opened = await Pair.open(engine);
    if (typeof opened === 'string') return skip(this, opened);
    pair = opened;
    atA = await pair.a.logIn();
    atB = pair.at(pair.b, atA);
  });
  after(async () => {
    const left = pair ? await containers() : [];
    await pair?.[Symbol.asyncDispose]();
    await engine?.remove(left.map(containerOf));
  });

  /** Killed at each of these moments after a launch: while the container is made, and when it runs. */
  for (const moment of ['accepted', 'starting', 'ready'] as const) {
    it(`keep a container that was ${moment} when one of them is killed`, async () => {
      const { id, key } = await atA.launch('Echo');
      if (moment === 'starting') await eventually('it is made', async () => (await containers()).includes(key), 30_000);
      if (moment === 'ready') await atB.ready(id);
      await pair.a.kill();
      await atB.ready(id);
      using visitor = await atB.enter(id);
      assert.match(await visitor.text('/'), /web-echo/);
      assert.deepEqual(await containers(), [key]);
      await pair.a.start();
      await demandSame(pair.a, visitor);
      await atA.stop(id);
      await atB.must('DELETE', `/tasks/${id}`);
      await eventually('its container is gone', async () => !(await engine.exists(containerOf(key))), 20_000);
    });
  }

  /** Whoever was let in at one is in at the other. */
  async function demandSame(platform: Platform, visitor: TaskVisitor): Promise<void> {
    using other = visitorAt(platform, visitor);
    assert.match(await other.text('/'), /web-echo/);
  }

  /** Keys of the tasks that have a container. */
  async function containers(): Promise<string[]> {
    const tasks = await atB.items<{ key: string }>('/tasks');
    const keys = tasks.map(({ key }) => key);
    const there = await Promise.all(keys.map((key) => engine.exists(containerOf(key))));
    return keys.filter((_key, at) => there[at]);
  }
});
