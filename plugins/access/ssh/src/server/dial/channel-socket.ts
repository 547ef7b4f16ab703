import { Duplex } from 'node:stream';
import { worthLending } from '@stele/sdk';
import type { ClientChannel } from 'ssh2';
import type { Link } from '../connection/link.ts';

/**
 * A channel with a socket's manners, which the library's own lacks: the far end's EOF ends it, `destroy` is real, an idle time-out
 * fires, and a write that can't be done any more fails instead of waiting for ever.
 */
export class ChannelSocket extends Duplex {
  readonly #channel: ClientChannel;
  readonly #forget: () => void;
  #pending: ((error?: Error | null) => void) | undefined;
  #isOpen = true;
  #idle: NodeJS.Timeout | undefined;
  timeout = 0;

  constructor(channel: ClientChannel, link: Link) {
    // One large chunk waits here, and others before it: two would be put together in new memory for who asks for all that is there.
    super({ allowHalfOpen: false, readableHighWaterMark: worthLending, writableHighWaterMark: 256 * 1024 });
    this.#channel = channel;
    channel.on('data', (chunk: Buffer) => {
      this.#active();
      if (!this.push(chunk)) channel.pause();
    });
    channel.once('end', () => this.push(null));
    channel.once('close', () => this.#closed());
    channel.on('error', (error: Error) => this.destroy(error));
    // Nothing is sent there on forwarded channels; unread it would hold up the channel's end.
    channel.stderr.resume();
    this.#forget = link.onLost(() => this.destroy(broken('ECONNRESET', 'the SSH connection was lost')));
  }

  override _read(): void {
    this.#channel.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#send(done, (sent) => this.#channel.write(chunk, sent));
  }

  override _final(done: (error?: Error | null) => void): void {
    if (this.#isOpen) this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#idle);
    this.#forget();
    this.#isOpen = false;
    if (this.#pending !== undefined) this.#settle(error ?? broken('EPIPE', 'the stream was destroyed'));
    this.#channel.close();
    // What still arrives must be taken, or the library never sees the channel's end.
    this.#channel.resume();
    done(error);
  }

  /** As `net.Socket` has it. */
  setTimeout(timeout: number, onTimeout?: () => void): this {
    this.timeout = timeout;
    if (onTimeout !== undefined) this.once('timeout', onTimeout);
    this.#active();
    return this;
  }

  /** As `net.Socket` has it: ends, then destroys when all is written. */
  destroySoon(): void {
    if (this.writable) this.end();
    if (this.writableFinished) this.destroy();
    else this.once('finish', () => this.destroy());
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  #send(done: (error?: Error | null) => void, send: (sent: (error?: Error | null) => void) => void): void {
    if (!this.#isOpen) {
      done(broken('EPIPE', 'the other side has closed'));
      return;
    }
    this.#active();
    this.#pending = done;
    send((error) => this.#settle(error));
  }

  #settle(error?: Error | null): void {
    const done = this.#pending;
    this.#pending = undefined;
    done?.(error);
  }

  #closed(): void {
    this.#isOpen = false;
    if (this.#pending !== undefined) this.#settle(broken('EPIPE', 'the other side has closed'));
    if (this.readableEnded || this.destroyed) this.destroy();
    else this.push(null);
  }

  #active(): void {
    clearTimeout(this.#idle);
    if (this.timeout > 0 && !this.destroyed) this.#idle = setTimeout(() => this.emit('timeout'), this.timeout).unref();
  }
}

function broken(code: string, message: string): NodeJS.ErrnoException {
  return Object.assign(new Error(message), { code });
}
