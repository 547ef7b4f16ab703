import type { Address, Reach } from '@stele/sdk';
import { gatewayClosed } from './errors.ts';
import type { GatewayTask, TaskDirectory } from './ports.ts';
import { type Upstream, type UpstreamOptions, openUpstream } from './upstream.ts';

interface Way {
  readonly reach: Reach;
  readonly upstream: Upstream;
  /** The task has changed since: whether the way is still right has to be asked. */
  isDoubtful: boolean;
}

/** Keeps the way to each task until it fails or the task changes. */
export class Reaches implements Disposable {
  readonly #tasks: TaskDirectory;
  readonly #options: Omit<UpstreamOptions, 'scheme' | 'authorization'>;
  readonly #ways = new Map<string, Way>();
  readonly #searches = new Map<string, Promise<Upstream>>();
  readonly #closing = new AbortController();

  constructor(tasks: TaskDirectory, options: Omit<UpstreamOptions, 'scheme' | 'authorization'>) {
    this.#tasks = tasks;
    this.#options = options;
  }

  /** The way, if it is known and not in doubt. */
  peek(key: string): Upstream | undefined {
    const way = this.#ways.get(key);
    return way === undefined || way.isDoubtful ? undefined : way.upstream;
  }

  /** Finds the way. Many who ask at once cause one search. Rejects as `tasks.reach` does. */
  find(task: GatewayTask): Promise<Upstream> {
    const running = this.#searches.get(task.key);
    if (running !== undefined) return running;
    const search = this.#search(task).finally(() => this.#searches.delete(task.key));
    this.#searches.set(task.key, search);
    return search;
  }

  /** Asks again next time. */
  doubt(key: string): void {
    const way = this.#ways.get(key);
    if (way !== undefined) way.isDoubtful = true;
  }

  /** Ends everything that is under way to the task. */
  close(key: string): void {
    this.#ways.get(key)?.upstream[Symbol.dispose]();
    this.#ways.delete(key);
  }

  async #search(task: GatewayTask): Promise<Upstream> {
    const reach = await this.#tasks.reach(task.key, this.#closing.signal);
    if (this.#closing.signal.aborted) throw gatewayClosed();
    const known = this.#ways.get(task.key);
    if (known !== undefined && isSame(known.reach, reach)) {
      known.isDoubtful = false;
      return known.upstream;
    }
    known?.upstream.retire();
    const authorization = await this.#tasks.authorization?.(task.key);
    const upstream = await openUpstream(reach, { ...this.#options, scheme: task.scheme, authorization });
    if (this.#closing.signal.aborted) {
      upstream[Symbol.dispose]();
      throw gatewayClosed();
    }
    this.#ways.set(task.key, { reach, upstream, isDoubtful: false });
    return upstream;
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
    for (const key of [...this.#ways.keys()]) this.close(key);
  }
}

function isSame(one: Reach, other: Reach): boolean {
  if (!isSameAddress(one.address, other.address)) return false;
  return one.via === other.via || (one.via.isDirect && other.via.isDirect);
}

function isSameAddress(one: Address, other: Address): boolean {
  if ('socket' in one) return 'socket' in other && one.socket === other.socket;
  return !('socket' in other) && one.host === other.host && one.port === other.port;
}
