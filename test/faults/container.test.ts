import assert from 'node:assert/strict';
import type { Task } from '@stele/sdk/api';
import { timeFactor } from '@stele/sdk/testing';
import {
  type ApiClient,
  containerOf,
  endCleanly,
  type Engine,
  eventually,
  Platform,
  siteWith,
} from '../e2e/lib/index.ts';
import { imageLimit, openPodman, software, worldOf } from './lib/world.ts';

/** What the platform says of a task that ended in this way. */
interface End {
  readonly name: string;
  readonly env?: Record<string, string>;
  readonly image?: { registry?: string; image?: string; tag?: string };
  readonly outcome: Task['outcome'];
  readonly exitCode?: number;
  readonly reason?: RegExp;
  readonly log?: RegExp;
}

const ends: readonly End[] = [
  {
    name: 'an image that is not there',
    image: { registry: 'localhost', image: 'stele/not-there' },
    outcome: 'rejected',
    reason: /could not fetch the image.*(registry doesn’t answer|no such image)/i,
  },
  {
    name: 'a registry that nobody answers for',
    image: { registry: '127.0.0.1:1', image: 'stele/web-echo' },
    outcome: 'rejected',
    reason: /registry doesn’t answer/,
  },
  {
    name: 'a container that fails at once',
    env: { ECHO_EXIT_CODE: '3', ECHO_LOG_LINES: '20' },
    outcome: 'failed',
    exitCode: 3,
    reason: /exit code 3/,
    log: /^line 19$/m,
  },
  {
    name: 'a container that is done at once',
    env: { ECHO_EXIT_CODE: '0', ECHO_LOG_LINES: '20' },
    outcome: 'completed',
    exitCode: 0,
    log: /^line 19$/m,
  },
];

const resources = worldOf({
  software: [
    ...ends.map(({ name, env = {}, image = {} }) => software(name, env, image)),
    software('Stubborn', { ECHO_IGNORE_TERM: '1' }),
  ],
});

const isOver = ({ phase }: Task): boolean => phase === 'ended';

describe('a container that goes its own way', function () {
  this.timeout(60_000);
  let engine: Engine;
  let platform: Platform;
  let api: ApiClient;
  let removed: Task;

  before(async function () {
    this.timeout(imageLimit);
    engine = await openPodman();
    platform = await Platform.start({ site: siteWith(engine, { resources }), engine });
    api = await platform.logIn();
    removed = await api.launch('Echo');
    removed = await api.ready(removed.id);
    // It takes half a minute until it is sure that this one is gone: the other tests run meanwhile.
    await engine.remove([containerOf(removed.key)]);
    const isMissed = async (): Promise<boolean> =>
      /does not know this task at the moment/.test((await api.task(removed.id)).reason ?? '');
    await eventually('the task is missed', isMissed, 20_000);
    assert.equal((await api.task(removed.id)).phase, 'running');
  });

  after(async () => {
    await platform?.[Symbol.asyncDispose]();
  });

  const logOf = async (id: string): Promise<string> => (await api.fetch(`/tasks/${id}/logs`)).text();

  for (const { name, outcome, exitCode, reason = /^$/, log } of ends) {
    it(`${name}: ${outcome}`, async () => {
      const { id } = await api.launch(name);
      const task = await api.ended(id);
      assert.deepEqual([task.outcome, task.exitCode], [outcome, exitCode], `${task.reason} ${task.detail}`);
      assert.match(task.reason ?? '', reason);
      // While it is brought home and the container is removed, and afterwards.
      for (let times = log ? 20 : 0; times > 0; times--) assert.match(await logOf(id), log ?? /^$/);
    });
  }

  it('a container that needs more memory than it has: out of memory, and nothing else', async () => {
    const { id } = await api.launch('Echo', { options: { memory: 128 * 2 ** 20 } });
    await api.ready(id);
    using visitor = await api.enter(id);
    await visitor.request(`/memory?bytes=${512 * 2 ** 20}`, { method: 'POST' });
    const { outcome, reason } = await api.ended(id);
    assert.equal(outcome, 'out-of-memory', reason);
    assert.match(reason ?? '', /more memory than it was given/);
  });

  it('a container that does not hear: ended all the same, when its time is over', async () => {
    const { id } = await api.launch('Stubborn');
    await api.ready(id);
    const from = performance.now();
    const task = await api.stop(id);
    assert.deepEqual([task.outcome, task.reason], ['cancelled', 'Stopped on request.']);
    const took = performance.now() - from;
    assert(took > 1_900 && took < 20_000 * timeFactor, `it took ${Math.round(took)} ms`);
  });

  it('a container that somebody took away: lost, once it is sure', async () => {
    const { outcome, reason, createdAt, endedAt = '' } = await api.until(removed.id, 'over', isOver, 45_000);
    assert.equal(outcome, 'lost');
    assert.match(reason ?? '', /no longer knows this task/);
    assert(Date.parse(endedAt) - Date.parse(createdAt) > 30_000, 'a task may be missing for a while');
  });

  it('leaves nothing', () => endCleanly(platform, [api], engine));
});
