import type { EventMap, EventName } from '../../api/index.ts';

/** How the live connection is. `lost`: it will come back by itself. */
export type LiveState = 'closed' | 'connecting' | 'live' | 'lost';

/** The part of `EventSource` that is used. */
export interface EventSourceLike {
  /** 0 connecting, 1 open, 2 closed for good. */
  readonly readyState: number;
  addEventListener(type: string, listener: (event: { readonly data?: unknown }) => void): void;
  close(): void;
}

/** The world, so that a test can hand over its own. */
export interface LiveEventsOptions {
  /** Opens a stream. Default: `new EventSource(url)`. */
  readonly open?: (url: string) => EventSourceLike;
  /** Runs later; returns what cancels it. Default: `setTimeout`. */
  readonly later?: (run: () => void, ms: number) => () => void;
  /** Told when the server answered and gave no stream: it may be busy, or know nobody of this session any more. */
  readonly onRefused?: () => void;
  /** Told of an event that could not be read. Default: the console. */
  readonly onBadEvent?: (error: unknown) => void;
}

const names: readonly EventName[] = ['task', 'task-removed', 'resource', 'notice', 'ui', 'plugin', 'resync'];
const closed = 2;
const firstDelay = 1000;
const longestDelay = 30_000;

/**
 * The server's news, typed. The browser's `EventSource` heals short cuts itself and asks for what it missed; when it
 * gives up (the server restarts, a proxy answers 502) a new one is opened after 1, 2, 4 … 30 s. A new one can't know
 * what was missed, so listeners then get a `resync`.
 */
export class LiveEvents {
  readonly #url: string;
  readonly #options: LiveEventsOptions;
  readonly #listeners = new Map<string, Set<(data: never) => void>>();
  readonly #stateListeners = new Set<(state: LiveState) => void>();
  #source: EventSourceLike | undefined;
  #cancelRetry: (() => void) | undefined;
  #state: LiveState = 'closed';
  #delay = firstDelay;
  #mustResync = false;

  constructor(url = '/api/v1/events', options: LiveEventsOptions = {}) {
    this.#url = url;
    this.#options = options;
  }

  /** How the connection is. */
  get state(): LiveState {
    return this.#state;
  }

  /** Listens to one kind of event. @returns what ends it */
  on<N extends EventName>(name: N, listener: (data: EventMap[N]) => void): () => void {
    const set = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, set);
    set.add(listener);
    return () => set.delete(listener);
  }

  /** Listens to the connection's state. @returns what ends it */
  onState(listener: (state: LiveState) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Connects; does nothing when connected. */
  start(): void {
    if (this.#source || this.#cancelRetry) return;
    this.#setState('connecting');
    this.#open();
  }

  /** Tries at once instead of waiting, e.g. when the browser is back online. */
  hurry(): void {
    if (!this.#cancelRetry) return;
    this.#cancelRetry();
    this.#cancelRetry = undefined;
    this.#open();
  }

  /** Disconnects. Listeners stay. */
  stop(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#source?.close();
    this.#source = undefined;
    this.#mustResync = false;
    this.#setState('closed');
  }

  #open(): void {
    const source = (this.#options.open ?? openEventSource)(this.#url);
    this.#source = source;
    source.addEventListener('open', () => this.#opened(source));
    source.addEventListener('error', () => this.#failed(source));
    for (const name of names) {
      source.addEventListener(name, (event) => {
        if (source === this.#source) this.#receive(name, event.data);
      });
    }
  }

  #opened(source: EventSourceLike): void {
    if (source !== this.#source) return;
    this.#delay = firstDelay;
    this.#setState('live');
    if (this.#mustResync) this.#emit('resync', {});
    this.#mustResync = false;
  }

  #failed(source: EventSourceLike): void {
    if (source !== this.#source) return;
    this.#setState('lost');
    if (source.readyState !== closed) return;
    source.close();
    this.#source = undefined;
    this.#mustResync = true;
    this.#cancelRetry = (this.#options.later ?? setTimer)(() => {
      this.#cancelRetry = undefined;
      this.#open();
    }, this.#delay);
    this.#delay = Math.min(this.#delay * 2, longestDelay);
    this.#options.onRefused?.();
  }

  #receive(name: EventName, data: unknown): void {
    try {
      this.#emit(name, JSON.parse(String(data)) as EventMap[EventName]);
    } catch (error) {
      (this.#options.onBadEvent ?? reportBadEvent)(error);
    }
  }

  #emit(name: EventName, data: EventMap[EventName]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) listener(data as never);
  }

  #setState(state: LiveState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of [...this.#stateListeners]) listener(state);
  }
}

function openEventSource(url: string): EventSourceLike {
  return new EventSource(url) as EventSourceLike;
}

function setTimer(run: () => void, ms: number): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

function reportBadEvent(error: unknown): void {
  console.error('stele: an event could not be handled', error);
}
