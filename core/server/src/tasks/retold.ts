import type { Logger } from '@stele/sdk';
import type { TaskStore } from './task-store.ts';

/** Ids that come within this time are read together. Milliseconds. */
const gathering = 20;

/** Tells here of tasks that other replicas have changed: reads them, and tells of them as they are. */
export class Retold implements AsyncDisposable {
  readonly #store: TaskStore;
  readonly #log: Logger;
  readonly #waiting = new Set<string>();
  /** Told here while they were being read: what was read may be older. */
  readonly #overtaken = new Set<string>();
  #working: Promise<void> | undefined;
  #isEnded = false;

  constructor(store: TaskStore, log: Logger) {
    this.#store = store;
    this.#log = log;
  }

  /** They have changed elsewhere. */
  heard(ids: Iterable<string>): void {
    if (this.#isEnded) return;
    for (const id of ids) this.#waiting.add(id);
    if (this.#waiting.size > 0) this.#working ??= this.#work();
  }

  /** It was told of here. */
  told(id: string): void {
    if (this.#working) this.#overtaken.add(id);
  }

  async #work(): Promise<void> {
    while (this.#waiting.size > 0 && !this.#isEnded) {
      await new Promise((resolve) => setTimeout(resolve, gathering));
      const ids = [...this.#waiting];
      this.#waiting.clear();
      this.#overtaken.clear();
      try {
        const rows = await this.#store.byIds(ids);
        for (const row of rows) {
          if (this.#overtaken.has(row.id)) this.#waiting.add(row.id);
          else this.#store.tell(row);
        }
      } catch (error) {
        this.#log.warn('tasks that another replica changed could not be read', { count: ids.length, error });
      }
    }
    this.#working = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isEnded = true;
    await this.#working;
  }
}
