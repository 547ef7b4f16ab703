import type { Logger } from '@stele/sdk';
import { ClusterApi } from './api/cluster-api.ts';
import type { Way } from './api/way.ts';
import { ForwardingDialer } from './reach/forwarding-dialer.ts';
import { PodStore } from './watch/store.ts';
import { PodWatch } from './watch/watch.ts';

/** How a cluster is reached; opened once and used until it is closed. */
export type OpenWay = (signal: AbortSignal) => Promise<Way & Partial<AsyncDisposable>>;

/** Pods whose dialers are remembered at most. */
const memory = 10_000;

/** One cluster as one account sees it: its API, what is known of its tasks, and the watch that keeps that true. */
export class Cluster implements AsyncDisposable {
  readonly store = new PodStore();
  readonly #openWay: OpenWay;
  readonly #namespace: string | undefined;
  readonly #log: Logger;
  readonly #dialers = new Map<string, ForwardingDialer>();
  readonly #end = new AbortController();
  #api: Promise<ClusterApi> | undefined;
  #way: (Way & Partial<AsyncDisposable>) | undefined;
  #watch: PodWatch | undefined;

  /** @param namespace where all tasks are; absent: anywhere */
  constructor(openWay: OpenWay, namespace: string | undefined, log: Logger) {
    this.#openWay = openWay;
    this.#namespace = namespace;
    this.#log = log;
  }

  /** The API, opened by whoever asks first. */
  readonly api = (): Promise<ClusterApi> => {
    this.#api ??= this.#open();
    return this.#api;
  };

  /** What is known of tasks, not older than this call. Begins the watch. */
  async seen(signal: AbortSignal): Promise<PodStore> {
    this.#watch ??= new PodWatch({
      api: this.api,
      ...(this.#namespace === undefined ? {} : { namespace: this.#namespace }),
      store: this.store,
      log: this.#log,
    });
    await this.#watch.fresh(signal);
    return this.store;
  }

  /** Seconds since the watch heard something; `undefined` where there is none, or nothing was heard. */
  get watchAge(): number | undefined {
    return this.#watch?.age();
  }

  /** Who connects to a pod; the same one for the same pod. */
  dialerOf({ namespace, name, uid }: { namespace: string; name: string; uid: string }): ForwardingDialer {
    const known = this.#dialers.get(uid);
    if (known !== undefined) return known;
    const dialer = new ForwardingDialer(this.api, { namespace, name });
    this.#dialers.set(uid, dialer);
    const [oldest] = this.#dialers.keys();
    if (this.#dialers.size > memory && oldest !== undefined) this.#dialers.delete(oldest);
    return dialer;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#watch?.[Symbol.asyncDispose]();
    await this.#way?.[Symbol.asyncDispose]?.();
  }

  async #open(): Promise<ClusterApi> {
    try {
      this.#way = await this.#openWay(this.#end.signal);
      return new ClusterApi(this.#way);
    } catch (error) {
      // The next one who asks tries again.
      this.#api = undefined;
      throw error;
    }
  }
}
