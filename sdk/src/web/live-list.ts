import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { isAbort } from './api/problem.ts';
import type { Unsubscribe } from './context.ts';
import { removed, upserted, type WithId } from './list.ts';

/** How a list is. */
export type ListState = 'loading' | 'ready' | 'failed';

/** What a {@link LiveList} needs. */
export interface LiveListOptions<T extends WithId> {
  /** Reads the whole list. */
  readonly load: (signal: AbortSignal) => Promise<readonly T[]>;
  /** Listens to what changes it, and calls `list.put`, `list.remove` or `list.refresh`. @returns what ends each */
  readonly listen: (list: LiveList<T>) => readonly Unsubscribe[];
}

/**
 * A list of the server, kept true by events, that renders its element anew when it changes. While it is read again the
 * old rows stay; what events say meanwhile wins over the answer. Make it in a field of a panel: its host is then there
 * before the list starts.
 */
export class LiveList<T extends WithId> implements ReactiveController {
  /** The rows. Empty until `state` is `ready`. */
  items: readonly T[] = [];
  /** How it is. */
  state: ListState = 'loading';
  /** Why the last reading failed. */
  error: unknown;

  readonly #host: ReactiveControllerHost;
  readonly #options: LiveListOptions<T>;
  #ends: readonly Unsubscribe[] = [];
  #reading: AbortController | undefined;
  #since: ((items: readonly T[]) => readonly T[])[] = [];

  constructor(host: ReactiveControllerHost, options: LiveListOptions<T>) {
    this.#host = host;
    this.#options = options;
    host.addController(this);
  }

  hostConnected(): void {
    this.#ends = this.#options.listen(this);
    void this.refresh();
  }

  hostDisconnected(): void {
    this.#reading?.abort();
    for (const end of this.#ends) end();
    this.#ends = [];
  }

  /** Reads it again. A second call replaces the first. */
  async refresh(): Promise<void> {
    this.#reading?.abort();
    const reading = new AbortController();
    this.#reading = reading;
    this.#since = [];
    try {
      const items = await this.#options.load(reading.signal);
      if (reading === this.#reading) this.#loaded(items);
    } catch (error) {
      if (reading === this.#reading && !isAbort(error)) this.#failed(error);
    }
  }

  /** Adds a row, or replaces the one with its id. */
  put(item: T): void {
    this.#change((items) => upserted(items, item));
  }

  /** Takes a row out. */
  remove(id: string): void {
    this.#change((items) => removed(items, id));
  }

  #change(change: (items: readonly T[]) => readonly T[]): void {
    this.#since.push(change);
    this.items = change(this.items);
    this.#host.requestUpdate();
  }

  #loaded(items: readonly T[]): void {
    this.items = this.#since.reduce((rows, change) => change(rows), items);
    this.#since = [];
    this.state = 'ready';
    this.error = undefined;
    this.#host.requestUpdate();
  }

  #failed(error: unknown): void {
    this.error = error;
    if (this.state !== 'ready') this.state = 'failed';
    this.#host.requestUpdate();
  }
}
