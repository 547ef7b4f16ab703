import { randomUUID } from 'node:crypto';
import type { EventMap, EventName } from '@stele/sdk/api';
import type { Owner } from './model/index.ts';

/** One event with its place in the order of events. */
export interface StampedEvent<N extends EventName = EventName> {
  readonly id: number;
  readonly name: N;
  readonly data: EventMap[N];
  /** Whose object it is about: only those who may see that object hear of it. */
  readonly owner?: Owner | undefined;
}

type Listener = (event: StampedEvent) => void;

/** Where news goes up: concerns publish, the event stream listens. Keeps the last events for listeners that come back. */
export class EventBus {
  readonly #kept: StampedEvent[] = [];
  readonly #listeners = new Set<Listener>();
  readonly #limit: number;
  /** Of this bus alone: a listener that comes back to another process, or after a restart, resyncs. */
  readonly #name = randomUUID().slice(0, 8);
  #last = 0;

  constructor(limit = 1000) {
    this.#limit = limit;
  }

  publish<N extends EventName>(name: N, data: EventMap[N], owner?: Owner): void {
    const event: StampedEvent<N> = { id: ++this.#last, name, data, owner };
    this.#kept.push(event);
    if (this.#kept.length > this.#limit) this.#kept.shift();
    for (const listener of this.#listeners) listener(event);
  }

  listen(listener: Listener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) };
  }

  /** Events after the one with this mark, or `undefined` when that isn’t known, or some of them are no longer kept. */
  since(mark: string): readonly StampedEvent[] | undefined {
    const [, name, text] = /^(\w+)-(\d{1,15})$/.exec(mark) ?? [];
    const id = Number(text);
    if (name !== this.#name || id > this.#last) return undefined;
    if (id === this.#last) return [];
    const first = this.#kept[0];
    return first === undefined || id < first.id - 1 ? undefined : this.#kept.filter((event) => event.id > id);
  }

  /** What a listener names to hear everything after an event; after the newest, when none is named. */
  mark(id = this.#last): string {
    return `${this.#name}-${id}`;
  }
}
