import assert from 'node:assert/strict';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Task } from '@stele/sdk/api';
import { type ApiClient, containerOf, eventually, type Platform, type TaskVisitor } from '../../e2e/lib/index.ts';
import type { Crowd, Wish } from '../../faults/lib/crowd.ts';
import { cut } from '../../faults/lib/cut.ts';
import { visitorAt } from '../../replicas/lib/pair.ts';
import type { Site } from './site.ts';
import { withholdNumbers } from './withheld.ts';

/** Where the kills happen: who is asked, what was asked for, and the cluster behind it. */
export interface Field {
  readonly site: Site;
  readonly user: string;
  readonly crowd: Crowd;
  /** As it is at the moment: who is asked changes with each kill. */
  readonly api: ApiClient;
  readonly platforms: readonly Platform[];
  /** Lets go of the partition `long`, which somebody else has. */
  readonly freeLong: () => Promise<void>;
}

/** A step of a task's life. */
export interface Moment {
  readonly name: string;
  /** What is done until the moment; what it leaves under way meets the kill. Answers what has to hold once somebody goes on. */
  readonly act: (field: Field) => Promise<(field: Field) => Promise<unknown>>;
}

/** Moments that one kill hits together: those that pass quickly come last. */
export interface Kill {
  readonly name: string;
  readonly moments: readonly Moment[];
}

const ready = async ({ api }: Field, { id = '' }: Wish): Promise<unknown> => api.ready(id);

const ended = async ({ api }: Field, { id = '' }: Wish, outcome: string): Promise<void> => {
  const task = await api.ended(id);
  assert.equal(task.outcome, outcome, `${task.reason}, ${task.detail}`);
};

const has = async ({ crowd }: Field, { key }: Wish, ...states: string[]): Promise<boolean> =>
  (await crowd.names(...states)).includes(containerOf(key));

/** A task that is ready. */
async function readied(field: Field, software: string): Promise<Wish> {
  const wish = await field.crowd.launch(field.api, software);
  await ready(field, wish);
  return wish;
}

const launches: readonly Moment[] = [
  {
    name: 'when its job is in the queue, and nobody was told its number',
    act: async (field) => {
      await using _withheld = await withholdNumbers(field.site);
      const wish = await field.crowd.launch(field.api, 'Echo');
      await eventually('the job is in the queue', () => has(field, wish), 20_000);
      assert.equal((await field.api.task(wish.id ?? '')).phase, 'submitting');
      return (later) => ready(later, wish);
    },
  },
  {
    name: 'when its folder on the cluster was made',
    act: async (field) => {
      const wish = await field.crowd.launch(field.api, 'Echo');
      const folder = join(field.site.home(field.user), '.stele/tasks', wish.key);
      await eventually('the folder is there', () => isThere(folder), 20_000);
      return (later) => ready(later, wish);
    },
  },
  {
    name: 'while it is asked for, and the answer is lost',
    act: async ({ crowd, api }) => {
      const wish = crowd.wish('Echo');
      cut(crowd.ask(api, wish));
      await sleep(5);
      return (later) => ready(later, wish);
    },
  },
];

const lives: readonly Moment[] = [
  {
    name: 'queued behind somebody',
    act: async (field) => {
      const wish = await field.crowd.launch(field.api, 'Echo', { partition: 'long', time: 600 });
      const isQueued = ({ phase }: Task): boolean => phase === 'queued';
      await field.api.until(wish.id ?? '', 'queued', isQueued);
      return async (later) => {
        await later.api.until(wish.id ?? '', 'queued', isQueued);
        const waiting = [containerOf(wish.key)];
        // A shared job that came first would keep the node from it.
        await eventually(
          'it alone waits',
          async () => isDeepStrictEqual(await later.crowd.names('PENDING'), waiting),
          30_000,
        );
        await later.freeLong();
        await ready(later, wish);
      };
    },
  },
  {
    name: 'ready, with somebody inside',
    act: async (field) => {
      const wish = await readied(field, 'Echo');
      const inside = await field.api.enter(wish.id ?? '');
      const socket = await inside.socket('/ws');
      const closed = once(socket, 'close');
      return async (later) => {
        await closed;
        await ready(later, wish);
        await demandEntry(later.platforms[0], inside);
        inside[Symbol.dispose]();
      };
    },
  },
  {
    name: 'running, and not ready',
    act: async (field) => {
      const wish = await field.crowd.launch(field.api, 'Slow');
      const { ready: isReady } = await field.api.until(wish.id ?? '', 'running', ({ phase }) => phase === 'running');
      assert(!isReady, 'it is ready too soon');
      return (later) => ready(later, wish);
    },
  },
  {
    name: 'while somebody asks for the way in',
    act: async (field) => {
      const wish = field.crowd.alive('Echo').at(0);
      assert(wish);
      cut(field.api.connect(wish.id ?? ''));
      await sleep(2);
      return async (later) => {
        await ready(later, wish);
        using visitor = await later.api.enter(wish.id ?? '');
        assert.match(await visitor.text('/'), /web-echo/);
      };
    },
  },
  {
    name: 'when a launch was accepted',
    act: async ({ crowd, api }) => {
      const wish = await crowd.launch(api, 'Echo');
      return (later) => ready(later, wish);
    },
  },
];

const ends: readonly Moment[] = [
  {
    name: 'before it ends by itself, while nobody looks',
    act: async (field) => {
      const wish = await readied(field, 'Brief');
      return async (later) => {
        await ended(later, wish, 'failed');
        assert.equal((await later.api.task(wish.id ?? '')).exitCode, 3);
        assert.match(await (await later.api.fetch(`/tasks/${wish.id}/logs`)).text(), /^line 19$/m);
      };
    },
  },
  {
    name: 'when its end was asked for, and it does not want to end',
    act: async (field) => {
      const wish = await readied(field, 'Stubborn');
      await field.crowd.stop(field.api, wish);
      await sleep(1_000);
      return (later) => ended(later, wish, 'cancelled');
    },
  },
  {
    name: 'when its deletion was accepted',
    act: async (field) => {
      const [wish] = field.crowd.alive('Slow');
      assert(wish);
      await field.crowd.stop(field.api, wish);
      await ended(field, wish, 'cancelled');
      await field.crowd.delete(field.api, wish);
      return async (later) => {
        const folder = join(field.site.home(field.user), '.stele/tasks', wish.key);
        await eventually('its folder is gone', async () => !(await isThere(folder)), 30_000);
        assert.equal((await later.api.get(`/tasks/${wish.id}`)).status, 404);
      };
    },
  },
  {
    name: 'when its end was accepted',
    act: async (field) => {
      const [wish] = field.crowd.alive('Echo');
      assert(wish);
      await field.crowd.stop(field.api, wish);
      return (later) => ended(later, wish, 'cancelled');
    },
  },
];

/** All of them, in the order of a task's life. */
export const kills: readonly Kill[] = [
  { name: 'while tasks are brought to the cluster', moments: launches },
  { name: 'while tasks wait, run and are used', moments: lives },
  { name: 'while tasks end', moments: ends },
];

/** Whoever was let in gets in again with what they had, and a WebSocket can be opened again. */
export async function demandEntry(platform: Platform | undefined, visitor: TaskVisitor): Promise<void> {
  assert(platform);
  using again = visitorAt(platform, visitor);
  assert.match(await again.text('/'), /web-echo/);
  const socket = await again.socket('/ws');
  socket.close();
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
