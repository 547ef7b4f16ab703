import type { Computing, Health, Task } from '@stele/sdk/api';
import { type ApiClient, isAbort, isLive, type LiveEvents, type Unsubscribe } from '@stele/sdk/web';
import { html, type TemplateResult } from 'lit';

/** How the computing resources are that tasks run on, kept true by events. */
export class Places {
  readonly #api: ApiClient;
  readonly #signal: AbortSignal;
  readonly #changed: () => void;
  readonly #health = new Map<string, Health>();

  constructor(api: ApiClient, signal: AbortSignal, changed: () => void) {
    this.#api = api;
    this.#signal = signal;
    this.#changed = changed;
  }

  /** Reads them, and again what changes. @returns what ends it */
  listen(events: LiveEvents): Unsubscribe[] {
    void this.#readAll();
    return [
      events.on('resource', ({ kind, id, gone }) => {
        if (kind !== 'computing') return;
        if (gone) this.#health.delete(id);
        else void this.#readOne(id);
      }),
      events.on('resync', () => void this.#readAll()),
    ];
  }

  /** How the resource of a task is; `undefined` where that isn't known. */
  of({ computing }: Pick<Task, 'computing'>): Health | undefined {
    return computing.id === undefined ? undefined : this.#health.get(computing.id);
  }

  #readAll(): Promise<void> {
    return this.#read(async () => {
      const all = await this.#api.all<Computing>('/computing', { signal: this.#signal });
      this.#health.clear();
      for (const { id, health } of all) this.#health.set(id, health);
    });
  }

  #readOne(id: string): Promise<void> {
    return this.#read(async () => {
      const { health } = await this.#api.get<Computing>(`/computing/${id}`, { signal: this.#signal });
      this.#health.set(id, health);
    });
  }

  /** What can't be read is left as it was: tasks tell for themselves how they are. */
  async #read(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.#changed();
    } catch (error) {
      if (!isAbort(error)) console.warn('stele: how the computing is could not be read', error);
    }
  }
}

/** Why what is shown of a task may be old; `undefined` while it isn't. */
export function staleness(task: Task, health: Health | undefined): TemplateResult | undefined {
  if (!isLive(task) || health?.state !== 'failing') return undefined;
  const since = health.since === undefined ? '' : html` since <stele-time clock at=${health.since}></stele-time>`;
  return health.code === 'UNREACHABLE'
    ? html`${task.computing.name} is not answering${since}. This is how it was then.`
    : html`${task.computing.name} can’t be asked${since}: ${health.reason ?? ''} This is how it was then.`;
}
