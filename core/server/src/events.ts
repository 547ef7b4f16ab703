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
  // Starts at the clock so that ids of an earlier process are always older: a listener that returns after a restart resyncs.
  #last = Date.now() * 1000;

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

  /** Events after `id`, or `undefined` when some of them are no longer kept. */
  since(id: number): readonly StampedEvent[] | undefined {
    if (id === this.#last) return [];
    const first = this.#kept[0];
    if (first === undefined || id < first.id - 1 || id > this.#last) return undefined;
    return this.#kept.filter((event) => event.id > id);
  }

  /** Id of the newest event. */
  get lastId(): number {
    return this.#last;
  }
}
