import { Duplex } from 'node:stream';
import { SteleError } from '@stele/sdk';
import type { Link, LinkEvents } from './link.ts';

/** Milliseconds that the node may take to say that nothing listens, once the way is open: it says nothing when something does. */
const doubt = 250;
/** Milliseconds of silence after our end, from which on the pod has nothing more to say either. */
const linger = 10_000;

/**
 * A connection to a port of a pod. What isn't read stops the link, and with it the pod; what is written waits for the link.
 * containerd cuts a connection one second after either side has said that it has nothing more to say: so our end is kept to
 * ourselves while the pod still answers.
 */
export class Forwarded extends Duplex {
  readonly #link: Link;
  readonly #opened = Promise.withResolvers<void>();
  readonly #onHeard: () => void;
  #hasHeard = false;
  #trouble = '';
  #leaving: NodeJS.Timeout | undefined;

  /** @param onHeard called whenever the pod says something */
  constructor(link: (events: LinkEvents) => Link, onHeard: () => void) {
    super({ allowHalfOpen: true, autoDestroy: true, highWaterMark: 256 * 1024 });
    this.#onHeard = onHeard;
    // Who waits for it hears of it; nobody may.
    void Promise.allSettled([this.#opened.promise]);
    this.#link = link({
      data: (content) => this.#take(content),
      trouble: (said) => this.#complain(said),
      end: () => this.#ended(),
      broke: (error) => this.#broke(error),
    });
  }

  /**
   * Waits until something listens at the port for sure, or for long enough to believe it.
   * @throws UNREACHABLE when nothing does
   */
  async opened(isProven: boolean): Promise<void> {
    if (isProven) return;
    const timer = setTimeout(() => this.#opened.resolve(), doubt);
    try {
      await this.#opened.promise;
    } finally {
      clearTimeout(timer);
    }
  }

  override _read(): void {
    this.#link.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#link.write([chunk], done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#link.write(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#leaving = setTimeout(() => this.#link.end(), linger).unref();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#leaving);
    this.#opened.reject(error ?? closed());
    this.#link.destroy();
    done(error);
  }

  #take(content: Uint8Array): boolean {
    this.#onHeard();
    // Once: Node.js keeps account of promises that are settled again, and this is called for every chunk.
    if (!this.#hasHeard) this.#opened.resolve();
    this.#hasHeard = true;
    this.#leaving?.refresh();
    return this.push(content);
  }

  #complain(said: string): void {
    this.#trouble += said.slice(0, 1_000);
    this.#broke(troubleOf(this.#trouble));
  }

  #ended(): void {
    // A node that couldn't connect may end it without a word.
    this.#opened.reject(closed());
    if (this.readableEnded || this.destroyed) return void this.destroy();
    this.push(null);
    if (!this.writableEnded) this.end();
  }

  #broke(error: Error): void {
    this.#opened.reject(error);
    this.destroy(error);
  }
}

/** `error forwarding port 8080 to pod …: … connect: connection refused`. */
function troubleOf(said: string): SteleError {
  const isRefused = /refused|ECONNREFUSED/.test(said);
  const message = isRefused ? 'Nothing listens at the task’s port.' : 'The node can’t connect to the task’s port.';
  return new SteleError('UNREACHABLE', message, { raw: said });
}

function closed(): SteleError {
  return new SteleError('UNREACHABLE', 'The cluster’s API ended the connection to the task.');
}
