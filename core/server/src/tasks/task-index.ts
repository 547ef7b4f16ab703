import type { Task as TaskView } from '@stele/sdk/api';
import type { EventBus } from '../events.ts';

type Listener = (key: string) => void;

/** Tasks that haven't been deleted, in memory, as the events tell of them: what the gateway asks once per request. */
export class TaskIndex implements Disposable {
  readonly #byKey = new Map<string, TaskView>();
  readonly #keyOf = new Map<string, string>();
  readonly #listeners = new Set<Listener>();
  readonly #listening: Disposable;

  constructor(bus: EventBus) {
    this.#listening = bus.listen(({ name, data }) => {
      if (name === 'task') this.put(data as TaskView);
      if (name === 'task-removed') this.#drop((data as { id: string }).id);
    });
  }

  put(task: TaskView): void {
    this.#byKey.set(task.key, task);
    this.#keyOf.set(task.id, task.key);
    for (const listener of this.#listeners) listener(task.key);
  }

  get(key: string): TaskView | undefined {
    return this.#byKey.get(key);
  }

  getById(id: string): TaskView | undefined {
    const key = this.#keyOf.get(id);
    return key === undefined ? undefined : this.#byKey.get(key);
  }

  list(): readonly TaskView[] {
    return [...this.#byKey.values()];
  }

  onChange(listener: Listener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  [Symbol.dispose](): void {
    this.#listening[Symbol.dispose]();
  }

  #drop(id: string): void {
    const key = this.#keyOf.get(id);
    if (key === undefined) return;
    this.#keyOf.delete(id);
    this.#byKey.delete(key);
    for (const listener of this.#listeners) listener(key);
  }
}
