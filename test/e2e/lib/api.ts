import assert from 'node:assert/strict';
import type { Computing, Connection, NewTask, SessionInfo, Software, Storage, Task } from '@stele/sdk/api';
import { eventually } from '@stele/sdk/testing';
import { TaskVisitor } from './visitor.ts';

export interface Answer<T> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

export interface Problem {
  readonly code: string;
  readonly detail: string;
  readonly field?: string;
}

/** A user of the API, by a session's cookie and its CSRF token, or by an API token. */
export class ApiClient {
  readonly origin: string;
  readonly #headers: Record<string, string>;

  constructor(origin: string, headers: Record<string, string>) {
    this.origin = origin;
    this.#headers = headers;
  }

  /** Logs in by a one-time link, as the page does: the secret is in the fragment. */
  static async logIn(origin: string, link: string): Promise<ApiClient> {
    return ApiClient.#session(origin, { link: new URLSearchParams(new URL(link).hash.slice(1)).get('link') });
  }

  static async byPassword(origin: string, email: string, password: string): Promise<ApiClient> {
    return ApiClient.#session(origin, { email, password });
  }

  static byToken(origin: string, token: string): ApiClient {
    return new ApiClient(origin, { Authorization: `Bearer ${token}` });
  }

  /** Nobody yet. */
  static stranger(origin: string): ApiClient {
    return new ApiClient(origin, {});
  }

  static async #session(origin: string, proof: unknown): Promise<ApiClient> {
    const answer = await ApiClient.stranger(origin).post<SessionInfo>('/session', proof);
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
    const [cookie = ''] = (answer.headers.getSetCookie()[0] ?? '').split(';');
    return new ApiClient(origin, { Cookie: cookie, 'X-CSRF-Token': answer.body.csrf, Origin: origin });
  }

  /** Headers that prove who asks. */
  get headers(): Readonly<Record<string, string>> {
    return this.#headers;
  }

  /** Any request below `/api/v1`. */
  async fetch(path: string, init: RequestInit & { duplex?: 'half' } = {}): Promise<Response> {
    const headers = { ...this.#headers, ...(init.headers as Record<string, string> | undefined) };
    return fetch(`${this.origin}/api/v1${path}`, { redirect: 'manual', ...init, headers });
  }

  /** A request and its JSON; nothing is thrown for a problem. */
  async call<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    const json =
      body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await this.fetch(path, { method, ...json });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: (text === '' ? undefined : JSON.parse(text)) as T };
  }

  get = <T>(path: string): Promise<Answer<T>> => this.call<T>('GET', path);
  post = <T>(path: string, body?: unknown): Promise<Answer<T>> => this.call<T>('POST', path, body);
  patch = <T>(path: string, body?: unknown): Promise<Answer<T>> => this.call<T>('PATCH', path, body);
  delete = <T>(path: string): Promise<Answer<T>> => this.call<T>('DELETE', path);

  /** A request that must succeed, and what it answers. */
  async must<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.call<T>(method, path, body);
    assert(answer.status < 300, `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  async items<T>(path: string): Promise<readonly T[]> {
    return (await this.must<{ items: readonly T[] }>('GET', path)).items;
  }

  software = (name: string): Promise<Software> => this.#named<Software>('/software', name);
  computing = (name: string): Promise<Computing> => this.#named<Computing>('/computing', name);
  storage = (name: string): Promise<Storage> => this.#named<Storage>('/storages', name);

  async #named<T extends { name: string }>(path: string, name: string): Promise<T> {
    const found = (await this.items<T>(path)).find((item) => item.name === name);
    assert(found, `${path} has no “${name}”`);
    return found;
  }

  /** Another one-time link for oneself, for a browser. For administrators. */
  async logInLink(): Promise<string> {
    const { id } = await this.must<{ id: string }>('GET', '/me');
    return (await this.must<{ url: string }>('POST', `/users/${id}/link`)).url;
  }

  /** Launches by names. */
  async launch(software: string, more: Partial<NewTask> = {}, computing = 'This machine'): Promise<Task> {
    const ids = { software: (await this.software(software)).id, computing: (await this.computing(computing)).id };
    return this.must<Task>('POST', '/tasks', { ...ids, ...more });
  }

  task = (id: string): Promise<Task> => this.must<Task>('GET', `/tasks/${id}`);

  /** Waits until a task is as it should be. One that ended otherwise is an error at once. */
  async until(id: string, what: string, isTrue: (task: Task) => boolean, limit = 60_000): Promise<Task> {
    let task = await this.task(id);
    const last = () => `${task.phase}: ${task.reason ?? 'no reason'}, ${task.detail ?? 'no detail'}`;
    await eventually(
      () => `task ${task.name} is ${what} (${last()})`,
      async () => {
        task = await this.task(id);
        if (isTrue(task)) return true;
        assert.notEqual(task.phase, 'ended', `not ${what}, but ended: ${task.outcome}, ${task.reason}, ${task.detail}`);
        return false;
      },
      limit,
    );
    return task;
  }

  ready = (id: string): Promise<Task> => this.until(id, 'ready', (task) => task.ready);
  ended = (id: string): Promise<Task> => this.until(id, 'ended', (task) => task.phase === 'ended');

  async stop(id: string): Promise<Task> {
    await this.must('POST', `/tasks/${id}/stop`);
    return this.ended(id);
  }

  async connect(id: string): Promise<Connection> {
    return this.must<Connection>('POST', `/tasks/${id}/connect`);
  }

  /** Enters a task as a browser would: ticket, cookie, and no more than that. */
  async enter(id: string): Promise<TaskVisitor> {
    const connection = await this.connect(id);
    assert(connection.kind === 'web', `the task is entered by ${connection.kind}`);
    return TaskVisitor.enter(connection.url);
  }

  /** Ends and forgets every task of this user. */
  async clear(): Promise<void> {
    for (const task of await this.items<Task>('/tasks')) {
      if (task.phase !== 'ended') await this.stop(task.id);
      await this.must('DELETE', `/tasks/${task.id}`);
    }
  }
}
