import type { Client, ClientChannel } from 'ssh2';
import { connectionLost } from '../errors.ts';
import type { Connection } from './connect.ts';

/** OpenSSH's default for `MaxSessions`. A host that allows fewer says so, one that allows more gets a second connection. */
const usualSessions = 10;
/** A session that ends is counted by the host for a moment longer; so after a refusal, more is tried again then. */
const pause = 1_000;

/** The host refused to open a channel. */
export class ChannelRefused extends Error {
  /** Reason of RFC 4254, 5.1. */
  readonly reason: number;

  constructor(cause: Error & { readonly reason: number }) {
    super(cause.message, { cause });
    this.reason = cause.reason;
  }
}

type Opened<T> = (error: Error | undefined, channel: ClientChannel) => T;

/** One connection to a host, and how many sessions it bears. */
export class Link {
  readonly #client: Client;
  readonly #cut: () => void;
  readonly #name: string;
  readonly #isOpenSsh: boolean;
  readonly #onLost = new Set<() => void>();
  #limit = usualSessions;
  #used = 0;
  #hasHadSession = false;
  #isHastened = false;
  #refusedAt = -Infinity;
  #isAlive = true;

  /** @param onEnd called once when the connection is gone, for whatever reason */
  constructor({ client, cut, isOpenSsh }: Connection, name: string, onEnd: () => void) {
    this.#client = client;
    this.#cut = cut;
    this.#name = name;
    this.#isOpenSsh = isOpenSsh;
    client.once('close', () => {
      this.#isAlive = false;
      onEnd();
      for (const tell of [...this.#onLost]) tell();
    });
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get hasRoom(): boolean {
    if (!this.#isAlive || this.isBarren) return false;
    const mayTry = performance.now() - this.#refusedAt > pause;
    return this.#used < this.#limit || (mayTry && this.#used < usualSessions);
  }

  /** Whether the host allows no session at all. */
  get isBarren(): boolean {
    return this.#limit === 0;
  }

  /** Calls `tell` when the connection is gone; gives back how to forget that. */
  onLost(tell: () => void): () => void {
    if (!this.#isAlive) queueMicrotask(tell);
    this.#onLost.add(tell);
    return () => this.#onLost.delete(tell);
  }

  /**
   * Opens a session.
   * @param begin asks the library for it
   * @param onOpen called in the same moment as the session is there, before anything can arrive on it
   * @param onFree called when another session could be opened
   * @throws ChannelRefused when the host allows no more of them
   */
  async session<T>(
    begin: (client: Client, opened: Opened<void>) => void,
    onOpen: (channel: ClientChannel) => T,
    onFree: () => void,
  ): Promise<T> {
    try {
      return await this.#counted(begin, onOpen, onFree);
    } catch (error) {
      if (error instanceof ChannelRefused) this.#refuse();
      onFree();
      throw error;
    }
  }

  /** Opens any channel. */
  open<T>(begin: (client: Client, opened: Opened<void>) => void, onOpen: (channel: ClientChannel) => T): Promise<T> {
    return new Promise((resolve, reject) => {
      const opened: Opened<void> = (error, channel) => {
        if (error === undefined || error === null) resolve(onOpen(channel));
        else reject(hasReason(error) ? new ChannelRefused(error) : this.#refused(error));
      };
      try {
        begin(this.#client, opened);
      } catch (error) {
        reject(connectionLost(this.#name, error));
      }
    });
  }

  /**
   * Has the host send small packets at once. OpenSSH's server does so once a command has run on a connection. Until then its system keeps a packet
   * back while another is on its way, and ours tells of what has come up to 40 ms late: with channels alone, each answer of two packets would
   * wait for that. So a command that does nothing runs, once for a connection. A host that refuses it stays as it is, and no less is thought of it.
   * @param onFree as for a session
   */
  hasten(onFree: () => void): void {
    if (this.#isHastened || !this.#isOpenSsh || this.#used > 0 || this.#hasHadSession) return;
    this.#isHastened = true;
    const close = (channel: ClientChannel) => {
      channel.close();
      channel.resume();
      channel.stderr.resume();
    };
    const running = this.#counted((client, opened) => client.exec('exit', opened), close, onFree);
    // A place that was refused is free again; one that was had says so itself.
    void Promise.allSettled([running]).then(([{ status }]) => status === 'rejected' && onFree());
  }

  /** Ends the connection; what still runs on it is cut. */
  end(): void {
    if (!this.#isAlive) return;
    this.#client.end();
    // A host that has gone would never answer the goodbye.
    const insist = setTimeout(this.#cut, 500);
    insist.unref();
    this.onLost(() => clearTimeout(insist));
  }

  async #counted<T>(
    begin: (client: Client, opened: Opened<void>) => void,
    onOpen: (channel: ClientChannel) => T,
    onFree: () => void,
  ): Promise<T> {
    this.#used += 1;
    const used = this.#used;
    try {
      return await this.open(begin, (channel) => {
        this.#hasHadSession = true;
        this.#limit = Math.max(this.#limit, Math.min(used, this.#used));
        this.#whenDone(channel, onFree);
        return onOpen(channel);
      });
    } catch (error) {
      this.#used -= 1;
      throw error;
    }
  }

  /** As many as are there beside this one: of those that were asked for together, each refusal takes one off. */
  #refuse(): void {
    this.#refusedAt = performance.now();
    this.#limit = Math.max(this.#hasHadSession ? 1 : 0, Math.min(this.#limit, this.#used));
  }

  #refused(error: Error): Error {
    return this.#isAlive ? error : connectionLost(this.#name, error);
  }

  #whenDone(channel: ClientChannel, onFree: () => void): void {
    let isDone = false;
    const done = () => {
      if (isDone) return;
      isDone = true;
      forget();
      this.#used -= 1;
      onFree();
    };
    const forget = this.onLost(done);
    channel.once('close', done);
  }
}

function hasReason(error: Error): error is Error & { reason: number } {
  return typeof (error as { reason?: unknown }).reason === 'number';
}
