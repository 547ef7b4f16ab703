import { Duplex } from 'node:stream';
import { SteleError } from '@stele/sdk';
import type { WebSocket } from 'ws';
import { dataChannel, dataFrame, errorChannel, readFrame } from './frames.ts';

/** Milliseconds that the node may take to say that nothing listens, once the way is open: it says nothing when something does. */
const doubt = 250;
/** Milliseconds of silence after our end, from which on the pod has nothing more to say either. */
const linger = 10_000;

/**
 * A connection to a port of a pod, carried by a WebSocket. What isn't read stops the socket, and with it the pod; a write is done when
 * the socket has taken it. The sub-protocol has no way to say that one side has nothing more to say: so our end is kept to
 * ourselves while the pod still answers.
 */
export class Forwarded extends Duplex {
  readonly #socket: WebSocket;
  /** Channels whose first message, the number of the port, has come. */
  readonly #greeted = new Set<number>();
  readonly #opened = Promise.withResolvers<void>();
  readonly #onHeard: () => void;
  #trouble = '';
  #leaving: NodeJS.Timeout | undefined;

  /** @param onHeard called whenever the pod says something */
  constructor(socket: WebSocket, onHeard: () => void) {
    super({ allowHalfOpen: true, autoDestroy: true });
    this.#socket = socket;
    this.#onHeard = onHeard;
    this.#opened.promise.then(
      () => undefined,
      () => undefined,
    );
    socket.binaryType = 'nodebuffer';
    socket.on('message', (message) => this.#take(message as Buffer));
    socket.on('close', () => this.#ended());
    socket.on('error', (error) => this.#broke(error));
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
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send([chunk], done);
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: (error?: Error | null) => void): void {
    this.#send(
      chunks.map(({ chunk }) => chunk),
      done,
    );
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#leaving = setTimeout(() => this.#socket.close(), linger).unref();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#leaving);
    this.#opened.reject(error ?? closed());
    this.#socket.terminate();
    done(error);
  }

  #send(chunks: readonly Uint8Array[], done: (error?: Error | null) => void): void {
    this.#socket.send(dataFrame(chunks), { binary: true, compress: false }, (error) => done(error ?? null));
  }

  #take(message: Buffer): void {
    const { channel, content } = readFrame(message);
    if (!this.#greeted.has(channel)) {
      this.#greeted.add(channel);
      return;
    }
    if (channel === errorChannel) {
      this.#trouble += Buffer.from(content).toString().slice(0, 1_000);
      this.#broke(troubleOf(this.#trouble));
    } else if (channel === dataChannel && content.length > 0) {
      this.#onHeard();
      this.#opened.resolve();
      this.#leaving?.refresh();
      if (!this.push(content)) this.#socket.pause();
    }
  }

  #ended(): void {
    // A node that couldn't connect closes with no more than a word.
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
