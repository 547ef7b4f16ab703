import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Task } from '@stele/sdk/api';
import {
  type ApiClient,
  containerOf,
  endCleanly,
  type Engine,
  eventually,
  Platform,
  siteWith,
} from '../e2e/lib/index.ts';
import { Crowd, type Wish } from './lib/crowd.ts';
import { cut } from './lib/cut.ts';
import { podmanPlace } from './lib/place.ts';
import { seeded } from './lib/random.ts';
import { imageLimit, openPodman, software, worldOf } from './lib/world.ts';

const random = seeded(20260);
/** Between nothing and the time that a task takes from launch to ready. */
const someTime = (): number => Math.floor(random() ** 2 * 1_500);

/** How each software ends when nobody ends it. `Echo` and `Stubborn` run for ever. */
const ends: Readonly<Record<string, Partial<Task>>> = {
  Brief: { outcome: 'failed', exitCode: 3 },
  Instant: { outcome: 'completed', exitCode: 0 },
};
const resources = worldOf({
  software: [
    software('Stubborn', { ECHO_IGNORE_TERM: '1' }),
    software('Brief', { ECHO_EXIT_CODE: '3', ECHO_EXIT_AFTER: '1', ECHO_LOG_LINES: '20' }),
    software('Instant', { ECHO_EXIT_CODE: '0', ECHO_LOG_LINES: '20' }),
  ],
});

describe('a platform that is killed', function () {
  this.timeout(240_000);
  let engine: Engine;
  let platform: Platform;
  let api: ApiClient;
  let crowd: Crowd;
  let kills = 0;

  before(async function () {
    this.timeout(imageLimit);
    engine = await openPodman();
    platform = await Platform.start({ site: siteWith(engine, { resources }), engine });
    api = await platform.logIn();
    crowd = new Crowd(podmanPlace(engine));
  });

  after(async () => {
    await platform?.[Symbol.asyncDispose]();
  });

  const has = async (wish: Wish, ...states: string[]): Promise<boolean> =>
    (await crowd.names(...states)).includes(containerOf(wish.key));
  const until = (what: string, isTrue: () => Promise<boolean>): Promise<void> => eventually(what, isTrue, 30_000);
  const phaseOf = async ({ id = '' }: Wish): Promise<string> => (await api.task(id)).phase;
  const oldest = async (name: string): Promise<Wish> => {
    const wish = crowd.alive(name)[0] ?? (await crowd.launch(api, name));
    await api.ready(wish.id ?? '');
    return wish;
  };
  const archived = async (wish: Wish): Promise<boolean> =>
    (await readdir(join(platform.yard.data, 'logs')).catch(() => [])).some((name) => name.startsWith(wish.key));

  /** What a test does until the moment of the kill; what it leaves under way meets the kill. */
  const moments: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['while a launch is asked for', async () => (cut(crowd.launch(api, 'Echo')), sleep(5))],
    ['a little later', async () => (cut(crowd.launch(api, 'Echo')), sleep(40))],
    ['when a launch was accepted', () => crowd.launch(api, 'Echo')],
    [
      'when the container is made',
      async () => {
        const wish = await crowd.launch(api, 'Echo');
        await until('the container is there', () => has(wish));
      },
    ],
    [
      'when the container runs',
      async () => {
        const wish = await crowd.launch(api, 'Stubborn');
        await until('the container runs', () => has(wish, 'running'));
      },
    ],
    [
      'when the task runs',
      async () => {
        const wish = await crowd.launch(api, 'Stubborn');
        await until('the task runs', async () => (await phaseOf(wish)) === 'running');
      },
    ],
    ['while tasks are ready', () => oldest('Echo')],
    ['when a stop was accepted', async () => crowd.stop(api, await oldest('Echo'))],
    [
      'while a launch is stopped',
      async () => {
        const wish = await crowd.launch(api, 'Echo');
        await sleep(someTime());
        await crowd.stop(api, wish);
      },
    ],
    [
      'while a container does not want to end',
      async () => {
        await crowd.stop(api, await oldest('Stubborn'));
        await sleep(1_000);
      },
    ],
    [
      'when the container has ended',
      async () => {
        const wish = await crowd.launch(api, 'Brief');
        await until('the container has ended', () => has(wish, 'exited'));
      },
    ],
    [
      'while the log is archived',
      async () => {
        const wish = await crowd.launch(api, 'Instant');
        await until('the log is there', () => archived(wish));
      },
    ],
    [
      'while the container is removed',
      async () => {
        const wish = await crowd.launch(api, 'Brief');
        await until('the log is there', () => archived(wish));
        await sleep(60);
      },
    ],
    [
      'when a deletion was accepted, before the container is gone',
      async () => {
        const wish = await crowd.launch(api, 'Instant');
        await until('the task has ended', async () => (await phaseOf(wish)) === 'ended');
        await crowd.delete(api, wish);
      },
    ],
    [
      'while a deletion is asked for',
      async () => {
        const wish = crowd.alive('Brief')[0] ?? (await crowd.launch(api, 'Brief'));
        await until('the task has ended', async () => (await phaseOf(wish)) === 'ended');
        cut(crowd.delete(api, wish));
        await sleep(5);
      },
    ],
    ...Array.from({ length: 3 }, (_, at) => [`at some time (${at + 1})`, bustle] as const),
  ];

  /** Several things at a time, cut off wherever they are. */
  async function bustle(): Promise<void> {
    const names = ['Echo', 'Stubborn', 'Brief', 'Instant'];
    for (const name of names.filter(() => random() < 0.5)) cut(crowd.launch(api, name));
    const [stopped] = crowd.alive(random() < 0.5 ? 'Echo' : 'Stubborn');
    if (stopped && random() < 0.6) cut(crowd.stop(api, stopped));
    await sleep(someTime());
  }

  for (const [moment, act] of moments) {
    it(`keeps every promise: ${moment}`, async () => {
      await act();
      await platform.kill();
      kills += 1;
      await platform.start();
      api = await platform.logIn();
      await crowd.demandPromises(api);
      await crowd.insist(api);
    });
  }

  it('brings every task to a truthful end, or runs it', async () => {
    assert(kills >= 15, `${kills} kills`);
    assert(crowd.alive('Echo').length + crowd.alive('Stubborn').length >= 3, 'several tasks are alive');
    for (const wish of crowd.wishes.filter(({ deletion }) => !deletion)) await demandTruth(wish);
    await crowd.demandPromises(api);
  });

  async function demandTruth(wish: Wish): Promise<void> {
    const { id = '', software: name, stop } = wish;
    const end = stop ? { outcome: 'cancelled' as const } : ends[name];
    if (end === undefined) return void (await api.ready(id));
    const task = await api.ended(id);
    assert.equal(task.outcome, end.outcome, `${name} ${wish.key}: ${task.reason}`);
    if (stop) return;
    assert.equal(task.exitCode, end.exitCode);
    const log = await (await api.fetch(`/tasks/${id}/logs`)).text();
    assert.match(log, /^line 19$/m, `the log of ${name} ${wish.key} is kept`);
  }

  it('started none twice', async () => {
    const starts = await crowd.starts();
    const twice = [...starts].filter(([, count]) => count > 1);
    assert.deepEqual(twice, []);
    const never = crowd.wishes.filter(({ key, stop }) => !stop && !starts.has(containerOf(key)));
    assert.deepEqual(never, []);
  });

  it('leaves nothing when all is stopped and deleted', async () => {
    await api.clear();
    await until('the logs are gone', async () => (await readdir(join(platform.yard.data, 'logs'))).length === 0);
    await endCleanly(platform, [api], engine);
    assert.deepEqual(await crowd.names(), []);
  });
});
