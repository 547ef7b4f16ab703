import type { Client, ClientChannel } from 'ssh2';
import { hasCode, unlessAborted } from '@stele/sdk';
import { aborted, check, denied } from '../errors.ts';
import { ChannelRefused, type Link } from './link.ts';

type Begin = (client: Client, opened: (error: Error | undefined, channel: ClientChannel) => void) => void;

/** How often who waits for a session looks by himself whether there is room. */
const waiting = 1_000;

/** Makes one more connection. */
export type Connect = (onEnd: (link: Link) => void, signal: AbortSignal) => Promise<Link>;

/** What an {@link Endpoint} is told about itself. */
export interface EndpointOptions {
  readonly name: string;
  readonly connect: Connect;
  /** Connections at most. */
  readonly connections: number;
  /** ms that unused connections are kept. */
  readonly idle: number;
  /** Called when nobody uses it and all connections are closed. */
  readonly onIdle: () => void;
}

/** An account on a host: its connections, shared by everybody who holds a lease. */
export class Endpoint {
  readonly #options: EndpointOptions;
  readonly #links = new Set<Link>();
  readonly #waiting = new Set<() => void>();
  readonly #stop = new AbortController();
  #growing: Promise<Link> | undefined;
  #leases = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: EndpointOptions) {
    this.#options = options;
  }

  get name(): string {
    return this.#options.name;
  }

  acquire(): void {
    clearTimeout(this.#timer);
    this.#leases += 1;
  }

  release(): void {
    this.#leases -= 1;
    if (this.#leases > 0) return;
    if (this.#options.idle === 0) this.close();
    else this.#timer = setTimeout(() => this.close(), this.#options.idle).unref();
  }

  /** Ends all connections. */
  close(): void {
    clearTimeout(this.#timer);
    this.#stop.abort();
    for (const link of this.#links) link.end();
    this.#options.onIdle();
  }

  /** Makes sure that there is a connection. */
  async ready(signal: AbortSignal): Promise<Link> {
    check(signal);
    const [alive] = [...this.#links].filter((link) => link.isAlive);
    return alive ?? this.#grow(signal);
  }

  /**
   * Opens a session where there is room, on a new connection if need be, or waits for one to end.
   * @param onOpen called in the same moment as it is there
   */
  async session<T>(begin: Begin, onOpen: (channel: ClientChannel, link: Link) => T, signal: AbortSignal): Promise<T> {
    for (;;) {
      check(signal);
      const link = [...this.#links].find((candidate) => candidate.hasRoom);
      if (link === undefined) {
        await this.#room(signal);
        continue;
      }
      try {
        return await link.session(
          begin,
          (channel) => onOpen(channel, link),
          () => this.#wake(),
        );
      } catch (error) {
        if (!(error instanceof ChannelRefused)) throw error;
        if (link.isBarren) throw this.#barren(error);
      }
    }
  }

  /** Opens a channel that is no session. */
  async channel<T>(begin: Begin, onOpen: (channel: ClientChannel, link: Link) => T, signal: AbortSignal): Promise<T> {
    const link = await this.ready(signal);
    const opened = await link.open(begin, (channel) => onOpen(channel, link));
    link.hasten(() => this.#wake());
    return opened;
  }

  async #room(signal: AbortSignal): Promise<void> {
    if (this.#links.size < this.#options.connections) {
      await this.#more(signal);
      return;
    }
    // Nobody's session ends there.
    if ([...this.#links].every((link) => link.isBarren)) throw this.#barren();
    await this.#wait(waiting, signal);
  }

  #barren(cause?: Error): Error {
    return denied(`${this.name} allows no sessions: commands and files need one (MaxSessions).`, cause);
  }

  /** Until there may be room, or for so many ms. */
  #wait(time: number, signal: AbortSignal): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const onAbort = () => settle(() => reject(aborted(signal)));
      const settle = (finish: () => void) => {
        clearTimeout(again);
        this.#waiting.delete(resolved);
        signal.removeEventListener('abort', onAbort);
        finish();
      };
      const resolved = () => settle(resolve);
      const again = setTimeout(resolved, time);
      this.#waiting.add(resolved);
      signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** One more connection. That a host refuses it is no harm as long as there are others to wait for. */
  async #more(signal: AbortSignal): Promise<void> {
    try {
      await this.#grow(signal);
    } catch (error) {
      if (this.#links.size === 0 || signal.aborted || !hasCode(error, 'UNREACHABLE', 'DENIED')) throw error;
      await this.#wait(200, signal);
    }
  }

  /** One connection is made at a time, whoever asks; it isn't given up with the first who asked. */
  #grow(signal: AbortSignal): Promise<Link> {
    this.#growing ??= this.#options
      .connect((link) => this.#lost(link), this.#stop.signal)
      .then((link) => this.#joined(link))
      .finally(() => {
        this.#growing = undefined;
      });
    return unlessAborted(this.#growing, signal);
  }

  #joined(link: Link): Link {
    if (this.#stop.signal.aborted) link.end();
    else if (link.isAlive) this.#links.add(link);
    this.#wakeAll();
    return link;
  }

  #lost(link: Link): void {
    this.#links.delete(link);
    this.#wakeAll();
  }

  #wake(): void {
    const [first] = this.#waiting;
    first?.();
  }

  #wakeAll(): void {
    for (const wake of [...this.#waiting]) wake();
  }
}
