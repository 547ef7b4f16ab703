import type { OnReadOpts } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';

/** Whoever is told what comes on a connection. */
export interface Taker {
  /** Bytes that are gone when it returns. False: no more for now. */
  land(bytes: Buffer): boolean;
  /** The connection is no more; nothing else will be told. */
  end(error: Error): void;
}

// Its types lack what `tls` hands on to `net`.
type Reading = ConnectionOptions & { readonly onread: OnReadOpts };

/** Milliseconds until a connection stands. */
const connecting = 5_000;

/** Where all connections read: TLS gives a record at a time, and each in new memory if it isn’t told where. */
const landing = Buffer.allocUnsafeSlow(16_384);

/** A connection by TLS, for one exchange after the other. What is sent waits until it stands. */
export class Connection {
  readonly #socket: TLSSocket;
  #taker: Taker | undefined;

  /** @param options of `tls.connect`, with the address: only a socket that TLS has opened by itself reads where it is told to */
  constructor(options: ConnectionOptions) {
    const reading: Reading = { ...options, onread: { buffer: landing, callback: (length) => this.#show(length) } };
    const socket = connect(reading).setNoDelay(true).setKeepAlive(true);
    this.#socket = socket;
    const limit = setTimeout(() => socket.destroy(broken('ETIMEDOUT')), connecting);
    let reason: Error | undefined;
    socket.once('connect', () => clearTimeout(limit));
    socket.on('error', (error) => (reason = error));
    // Nothing more can come.
    socket.once('end', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(limit);
      this.#taker?.end(reason ?? broken('ECONNRESET'));
    });
  }

  /** Whether something can be sent. */
  get isOpen(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  /** From here on all that comes goes there. To nobody: what comes then ends the connection. */
  leadTo(taker: Taker | undefined): void {
    this.#taker = taker;
  }

  send(text: string): void {
    this.#socket.write(text, 'latin1');
  }

  /** More may come. */
  resume(): void {
    this.#socket.resume();
  }

  /** Whether the process stays for it. */
  hold(isHeld: boolean): void {
    if (isHeld) this.#socket.ref();
    else this.#socket.unref();
  }

  destroy(error?: Error): void {
    this.#socket.destroy(error);
  }

  #show(length: number): boolean {
    if (this.#taker) return this.#taker.land(landing.subarray(0, length));
    this.#socket.destroy();
    return false;
  }
}

/** A connection that ended, as Node tells of it. */
export const broken = (code: 'ECONNRESET' | 'ETIMEDOUT'): Error =>
  Object.assign(new Error(code === 'ETIMEDOUT' ? 'nobody answers' : 'the connection was closed'), { code });
