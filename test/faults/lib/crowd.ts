import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { NewTask, Task } from '@stele/sdk/api';
import { type ApiClient, containerOf } from '../../e2e/lib/index.ts';
import type { Place } from './place.ts';

/** Whether the platform has said yes, or the answer got lost. */
type Promised = 'asked' | 'promised';

/** What a user wants of a task, and what the platform has promised. */
export interface Wish {
  readonly key: string;
  readonly software: string;
  readonly options?: NewTask['options'];
  id?: string;
  stop?: Promised;
  deletion?: Promised;
}

/** Users' side of many tasks: everything that was ever asked for, and every promise that has to be kept. */
export class Crowd {
  readonly wishes: Wish[] = [];
  /** Begins the keys, so that other tests' containers are told apart. */
  readonly #prefix = `k${randomInt(36 ** 6)
    .toString(36)
    .padStart(6, '0')}`;
  readonly #since = Math.floor(Date.now() / 1000);
  readonly #place: Place;
  readonly #computing: string | undefined;

  /** @param computing name of the resource that all tasks are for; absent: this machine */
  constructor(place: Place, computing?: string) {
    this.#place = place;
    this.#computing = computing;
  }

  /** A wish that nobody has uttered yet. */
  wish(software: string, options?: NewTask['options']): Wish {
    const key = `${this.#prefix}${String(this.wishes.length).padStart(9, '0')}`;
    const wish = { key, software, ...(options ? { options } : {}) };
    this.wishes.push(wish);
    return wish;
  }

  /** Asks for a task. */
  async ask(api: ApiClient, wish: Wish): Promise<void> {
    const { key, software, options } = wish;
    wish.id = (await api.launch(software, { key, ...(options ? { options } : {}) }, this.#computing)).id;
  }

  /** Makes a wish, and asks for it. */
  async launch(api: ApiClient, software: string, options?: NewTask['options']): Promise<Wish> {
    const wish = this.wish(software, options);
    await this.ask(api, wish);
    return wish;
  }

  async stop(api: ApiClient, wish: Wish): Promise<void> {
    wish.stop ??= 'asked';
    await api.must('POST', `/tasks/${wish.id}/stop`);
    wish.stop = 'promised';
  }

  /** Forgets an ended task. The answer that got lost may have been a yes. */
  async delete(api: ApiClient, wish: Wish): Promise<void> {
    wish.deletion ??= 'asked';
    const { status } = await api.delete(`/tasks/${wish.id}`);
    assert(status === 204 || status === 404, `deletion answers ${status}`);
    wish.deletion = 'promised';
  }

  /** Wishes for `software` that nobody has ended. */
  alive(software: string): Wish[] {
    return this.wishes.filter((wish) => wish.software === software && wish.id && !wish.stop && !wish.deletion);
  }

  /** Demands that every promise is kept so far: nothing lost, nothing back from the dead, nothing that nobody asked for. */
  async demandPromises(api: ApiClient): Promise<void> {
    const listed = new Set((await api.items<Task>('/tasks?limit=200')).map(({ key }) => key));
    const promised = this.wishes.filter(({ id, deletion }) => id !== undefined && !deletion);
    const named = ({ key, software }: Wish): string => `${software} ${key}`;
    assert.deepEqual(promised.filter(({ key }) => !listed.has(key)).map(named), [], 'tasks are lost');
    const deleted = this.wishes.filter(({ deletion }) => deletion === 'promised');
    assert.deepEqual(deleted.filter(({ key }) => listed.has(key)).map(named), [], 'deleted tasks are back');
    const asked = new Set(this.wishes.map(({ key }) => containerOf(key)));
    assert.deepEqual(
      (await this.names()).filter((name) => !asked.has(name)),
      [],
      'something runs that nobody asked for',
    );
  }

  /** Asks again, as everybody does who got no answer. */
  async insist(api: ApiClient): Promise<void> {
    for (const wish of this.wishes) {
      if (wish.id === undefined) await this.ask(api, wish);
      if (wish.stop === 'asked') await this.stop(api, wish);
      if (wish.deletion === 'asked') await this.delete(api, wish);
    }
  }

  /** Names of what runs these tasks, in whatever state, or in some. */
  names(...states: string[]): Promise<string[]> {
    return this.#place.names(containerOf(this.#prefix), states);
  }

  /** The same by how often each has been started. */
  async starts(): Promise<Map<string, number>> {
    const names = await this.#place.starts(containerOf(this.#prefix), this.#since);
    return new Map([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
  }
}
