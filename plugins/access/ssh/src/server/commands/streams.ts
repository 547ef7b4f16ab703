import { Readable, Writable } from 'node:stream';
import { giveBack } from '@stele/sdk';
import type { ClientChannel } from 'ssh2';

/** More than that before the command begins is not a greeting of the login shell any more. */
const noiseLimit = 256 * 1024;

/** One output of a command, from the line on that announces it: what the account's shell says before is not the command's. */
export class Output extends Readable {
  readonly #source: Readable;
  readonly #word: Buffer;
  readonly #announced: (words: string) => void;
  #noise: Buffer | undefined = Buffer.alloc(0);

  constructor(source: Readable, word: string, announced: (words: string) => void) {
    super({ highWaterMark: 256 * 1024 });
    this.#source = source;
    this.#word = Buffer.from(word);
    this.#announced = announced;
    source.on('data', (chunk: Buffer) => this.#take(chunk));
    source.once('end', () => this.push(null));
  }

  /** What was said instead of the announcement. */
  get noise(): string {
    return this.#noise?.toString('utf8').trim().slice(0, 1_000) ?? '';
  }

  override _read(): void {
    this.#source.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    // Unread data would hold up the channel's end.
    this.#source.resume();
    done(error);
  }

  #take(chunk: Buffer): void {
    if (this.destroyed) return;
    const own = this.#noise === undefined ? Buffer.from(chunk) : this.#after(chunk);
    // Whoever reads a command's output gives no memory back, and may keep it for long.
    giveBack(chunk);
    if (own !== undefined && own.length > 0 && !this.push(own)) this.#source.pause();
  }

  #after(chunk: Buffer): Buffer | undefined {
    const all = Buffer.concat([this.#noise ?? Buffer.alloc(0), chunk]);
    const start = all.indexOf(this.#word);
    const end = start < 0 ? -1 : all.indexOf(0x0a, start);
    this.#noise = all.subarray(Math.max(0, all.length - noiseLimit));
    if (end < 0) return undefined;
    this.#noise = undefined;
    this.#announced(all.toString('utf8', start + this.#word.length, end).trim());
    return all.subarray(end + 1);
  }
}

/** Standard input of a command. What can't be written any more fails, where the library would wait for ever. */
export class Input extends Writable {
  readonly #channel: ClientChannel;
  #pending: ((error?: Error | null) => void) | undefined;

  constructor(channel: ClientChannel) {
    super({ highWaterMark: 256 * 1024 });
    this.#channel = channel;
    // Who writes to a command that has ended learns it from the write's callback; without a listener it would be fatal.
    this.on('error', () => undefined);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#pending = done;
    this.#channel.write(chunk, (error) => this.#settle(error));
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#settle(error ?? Object.assign(new Error('the command has ended'), { code: 'EPIPE' }));
    done(error);
  }

  #settle(error?: Error | null): void {
    const done = this.#pending;
    this.#pending = undefined;
    done?.(error);
  }
}
