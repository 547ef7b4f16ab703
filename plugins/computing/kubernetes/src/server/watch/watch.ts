import { setTimeout as sleep } from 'node:timers/promises';
import { hasCode, type Logger, messageOf, SteleError } from '@stele/sdk';
import { linesOf } from '../api/bodies.ts';
import type { ClusterApi } from '../api/cluster-api.ts';
import { paths } from '../api/request.ts';
import { taskSelector } from '../names.ts';
import { type PodEvent, readEvent, readPage } from './events.ts';
import type { PodStore } from './store.ts';

/** Seconds after which the server ends a watch, and the next one goes on from there: so one that died silently is found out. */
const period = 60;
/** Milliseconds without a word after which a watch counts as dead. */
const silence = (period + 15) * 1_000;
/** Pods of one page. */
const pageSize = 500;
/** Milliseconds between tries, from the first failure on. */
const [shortest, longest] = [500, 15_000];

/** Times and places of a watch that tests shorten. */
export interface WatchOptions {
  readonly api: () => Promise<ClusterApi>;
  /** Absent: pods of all namespaces. */
  readonly namespace?: string;
  readonly store: PodStore;
  readonly log: Logger;
}

/**
 * Keeps a store of pods up to date: lists them once, then follows what changes, for as long as it isn't disposed of. It never gives
 * up; whoever needs the truth asks how fresh it is.
 */
export class PodWatch implements AsyncDisposable {
  readonly #options: WatchOptions;
  readonly #end = new AbortController();
  readonly #running: Promise<void>;
  #version: string | undefined;
  /** Why the last try failed; absent while the watch works. */
  #failure: unknown;
  #isLive = false;
  #failures = 0;
  /** When something was heard last, in milliseconds since 1970. */
  #heardAt = 0;
  #turn = Promise.withResolvers<void>();
  /** Cuts a pause short. */
  #wanted = Promise.withResolvers<void>();

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#running = this.#run();
  }

  /** Seconds since something was heard; `undefined` where nothing ever was. */
  age(now = Date.now()): number | undefined {
    return this.#heardAt === 0 ? undefined : Math.round((now - this.#heardAt) / 1_000);
  }

  /**
   * Waits until the store is up to date. A watch that was cut a moment ago gets one more try.
   * @throws why it isn't
   */
  async fresh(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw left(signal);
    for (let tries = 0; !this.#isLive; tries += 1) {
      if (signal.aborted) throw left(signal);
      // A failure that came before this call is old: the next try, made at once, may succeed.
      if (tries > 0 && this.#failure !== undefined) throw this.#failure;
      this.#wanted.resolve();
      await Promise.race([this.#turn.promise, aborted(signal)]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      try {
        if (this.#version === undefined) await this.#list(signal);
        await this.#follow(signal);
      } catch (error) {
        if (signal.aborted) return;
        this.#failed(error);
        await this.#pause(signal);
      }
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const api = await this.#options.api();
    const pods = [];
    let [next, version]: [string | undefined, string] = [undefined, ''];
    do {
      const query = { labelSelector: taskSelector, limit: pageSize, continue: next };
      const page = readPage(await api.send({ method: 'GET', path: this.#path, query }, signal));
      pods.push(...page.pods);
      [next, version] = [page.next, page.version];
    } while (next !== undefined);
    this.#options.store.replace(pods, version);
    this.#heard(version);
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const api = await this.#options.api();
    const silent = new Silence(silence);
    const until = AbortSignal.any([signal, silent.signal]);
    const from = Date.now();
    try {
      const query = {
        ...{ labelSelector: taskSelector, watch: true, allowWatchBookmarks: true },
        ...{ timeoutSeconds: period, resourceVersion: this.#version },
      };
      const body = await api.open({ method: 'GET', path: this.#path, query }, until);
      this.#live();
      for await (const line of linesOf(body)) {
        silent.broken();
        if (!this.#take(readEvent(line))) return;
      }
    } catch (error) {
      // A version that is too old may be refused at once.
      if (hasCode(error, 'CONFLICT')) this.#version = undefined;
      if (silent.signal.aborted)
        throw new SteleError('UNREACHABLE', 'The cluster’s API fell silent.', { cause: error });
      throw api.explained(error, signal);
    } finally {
      silent.end();
    }
    // Something in between may end each watch at once.
    if (Date.now() - from < shortest) await this.#pause(signal);
  }

  /** Whether the watch goes on. */
  #take(event: PodEvent): boolean {
    if (event.kind === 'expired') {
      this.#version = undefined;
      return false;
    }
    if (event.kind === 'there') this.#options.store.put(event.pod);
    if (event.kind === 'gone') this.#options.store.lose(event.pod);
    this.#heard(event.version);
    return true;
  }

  get #path(): string {
    return paths.pods(this.#options.namespace);
  }

  #heard(version: string): void {
    this.#version = version;
    this.#heardAt = Date.now();
  }

  #live(): void {
    this.#heardAt = Date.now();
    this.#failure = undefined;
    this.#failures = 0;
    this.#isLive = true;
    this.#tell();
  }

  #failed(error: unknown): void {
    if (this.#failures === 0) this.#options.log.info('a watch of pods was cut', { error: messageOf(error) });
    this.#failures += 1;
    this.#failure = error;
    this.#isLive = false;
    this.#tell();
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const pause = Math.min(shortest * 2 ** Math.max(0, this.#failures - 1), longest) * (0.75 + Math.random() / 2);
    this.#wanted = Promise.withResolvers<void>();
    const over = new AbortController();
    const until = AbortSignal.any([signal, over.signal]);
    await Promise.race([
      this.#wanted.promise,
      sleep(pause, undefined, { signal: until, ref: false }).catch(() => undefined),
    ]);
    over.abort();
  }

  #tell(): void {
    this.#turn.resolve();
    this.#turn = Promise.withResolvers<void>();
  }
}

/** Aborts when nothing breaks it for some time. */
class Silence {
  readonly #late = new AbortController();
  readonly #timer: NodeJS.Timeout;

  constructor(limit: number) {
    this.#timer = setTimeout(() => this.#late.abort(), limit).unref();
  }

  get signal(): AbortSignal {
    return this.#late.signal;
  }

  broken(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

function left(signal: AbortSignal): SteleError {
  return new SteleError('UNREACHABLE', 'The call was ended before the cluster had answered.', {
    cause: signal.reason,
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
