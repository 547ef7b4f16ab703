import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { SteleError } from '@stele/sdk';
import { refusalOf, spelled } from './answers.ts';

/** Milliseconds without a word, or a byte that is taken, after which nobody is there any more. */
const patience = 300_000;

/** One run of the script: asked one thing after the other. Who breaks off in the middle of an answer has to destroy it. */
export class Session {
  readonly #stream: Duplex;
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  #silence: NodeJS.Timeout | undefined;

  constructor(stream: Duplex) {
    this.#stream = stream;
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  }

  /** Says what to do; nothing is waited for. */
  say(operation: string, path: string, number = 0): void {
    this.#stream.write(`${operation} ${number} ${spelled(path)}\n`);
  }

  /**
   * What it answers, without its `ok`.
   * @throws what the refusal means
   */
  async answer(path: string): Promise<string> {
    return settled(await this.line(), path);
  }

  /** One line, as it came. */
  async line(): Promise<string> {
    let end = this.#rest.indexOf(10);
    while (end < 0) {
      const from = this.#rest.length;
      await this.#more();
      const found = this.#rest.subarray(from).indexOf(10);
      end = found < 0 ? -1 : from + found;
    }
    const line = this.#rest.subarray(0, end).toString();
    this.#rest = this.#rest.subarray(end + 1);
    return line;
  }

  /** So many bytes. */
  async *bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0;) {
      if (this.#rest.length === 0) await this.#more();
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Sends bytes, no faster than they are taken. */
  async send(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (this.#stream.destroyed) throw this.#stream.errored ?? ended();
    if (!this.#stream.write(bytes)) await once(this.#stream, 'drain', { signal });
    this.#silence?.refresh();
  }

  /** Whether there is nothing of an earlier answer, and it lives. */
  get isAtRest(): boolean {
    return this.#rest.length === 0 && !this.#stream.destroyed && !this.#stream.readableEnded;
  }

  destroy(): void {
    this.#stream.destroy();
  }

  async #more(): Promise<void> {
    this.#silence = setTimeout(() => this.#stream.destroy(silent()), patience);
    const { value, done } = await this.#chunks.next().finally(() => clearTimeout(this.#silence));
    if (done === true) throw ended();
    this.#rest = this.#rest.length === 0 ? value : Buffer.concat([this.#rest, value]);
  }
}

function settled(line: string, path: string): string {
  if (/^ok\b/.test(line)) return line.slice(3);
  if (line.startsWith('no ')) throw refusalOf(line.slice(3).trim(), path);
  throw new SteleError('PROTOCOL', 'What copies the files gave an answer that is none.', { raw: line.slice(0, 300) });
}

const silent = (): SteleError =>
  new SteleError('UNREACHABLE', `What copies the files has said nothing for ${patience / 60_000} minutes.`);
const ended = (): SteleError => new SteleError('UNREACHABLE', 'What copies the files has ended.');
