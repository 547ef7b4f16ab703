import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import type { Task } from '@stele/sdk/api';
import { type ApiClient, containerOf, type Engine } from '../../e2e/lib/index.ts';

/** Whether the platform has said yes, or the answer got lost. */
type Promised = 'asked' | 'promised';

/** What a user wants of a task, and what the platform has promised. */
export interface Wish {
  readonly key: string;
  readonly software: string;
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
  readonly #engine: Engine;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Asks for a task. */
  async launch(api: ApiClient, software: string, wish = this.#wish(software)): Promise<Wish> {
    wish.id = (await api.launch(software, { key: wish.key })).id;
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
      (await this.containers()).filter((name) => !asked.has(name)),
      [],
      'containers nobody asked for',
    );
  }

  /** Asks again, as everybody does who got no answer. */
  async insist(api: ApiClient): Promise<void> {
    for (const wish of this.wishes) {
      if (wish.id === undefined) await this.launch(api, wish.software, wish);
      if (wish.stop === 'asked') await this.stop(api, wish);
      if (wish.deletion === 'asked') await this.delete(api, wish);
    }
  }

  /** Names of all containers of these tasks, in whatever state, or in one. */
  async containers(...states: string[]): Promise<string[]> {
    const filters = states.flatMap((state) => ['--filter', `status=${state}`]);
    const ours = ['--filter', 'label=stele.task', '--filter', `name=^${containerOf(this.#prefix)}`];
    return lines(await this.#engine.run('ps', '--all', ...ours, ...filters, '--format', '{{.Names}}'));
  }

  /** Containers by how often they have been started, as the engine tells. */
  async starts(): Promise<Map<string, number>> {
    const filters = ['--filter', 'event=start', '--since', String(this.#since)];
    const names = lines(await this.#engine.run('events', '--stream=false', ...filters, '--format', '{{.Name}}'));
    const ours = names.filter((name) => name.startsWith(containerOf(this.#prefix)));
    return new Map([...Map.groupBy(ours, (name) => name)].map(([name, all]) => [name, all.length]));
  }

  #wish(software: string): Wish {
    const wish = { key: `${this.#prefix}${String(this.wishes.length).padStart(9, '0')}`, software };
    this.wishes.push(wish);
    return wish;
  }
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');
