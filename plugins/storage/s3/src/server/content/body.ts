import { Readable } from 'node:stream';
import { borrow, lend, lendingSize } from '@stele/sdk';
import type { Connection, Taker } from './connection.ts';

/** Milliseconds for which a few bytes wait for more. */
const waiting = 50;

/** The bytes of an answer, in large pieces of memory that is lent: each turn of a stream costs more than their copy. */
export class Body extends Readable implements Taker {
  readonly #connection: Connection;
  readonly #done: (isWhole: boolean) => void;
  /** Bytes to come. */
  #left: number;
  #memory: Buffer | undefined;
  /** How much of the memory is filled. */
  #length = 0;
  #due: NodeJS.Timeout | undefined;
  #isOver = false;

  /** @param done is told once that nothing more will be read of the connection, and whether that was all */
  constructor(connection: Connection, length: number, done: (isWhole: boolean) => void) {
    super({ highWaterMark: lendingSize });
    this.#left = length;
    this.#connection = connection;
    this.#done = done;
  }

  land(bytes: Buffer): boolean {
    // What comes after the end is nobody’s, and ends the connection.
    if (bytes.length > this.#left) this.#connection.destroy();
    const own = bytes.subarray(0, this.#left);
    this.#left -= own.length;
    const wantsMore = this.#gather(own);
    if (this.#left > 0) return wantsMore;
    this.#flush();
    this.push(null);
    this.#leave();
    // Of the connection: it is somebody else’s now.
    return true;
  }

  end(error: Error): void {
    this.destroy(error);
  }

  override _read(): void {
    if (!this.#isOver) this.#connection.resume();
  }

  override _destroy(error: Error | null, callback: (error: Error | null) => void): void {
    this.#leave();
    callback(error);
  }

  /** @returns whether there is room for more */
  #gather(bytes: Buffer): boolean {
    let wantsMore = true;
    for (let from = 0; from < bytes.length;) {
      this.#memory ??= borrow();
      const part = bytes.subarray(from, from + lendingSize - this.#length);
      this.#memory.set(part, this.#length);
      this.#length += part.length;
      from += part.length;
      if (this.#length === lendingSize) wantsMore = this.#flush();
    }
    if (this.#memory !== undefined) this.#due ??= setTimeout(() => this.#flush(), waiting);
    return wantsMore;
  }

  #flush(): boolean {
    clearTimeout(this.#due);
    this.#due = undefined;
    if (this.#memory === undefined) return true;
    const chunk = lend(this.#memory, this.#length);
    [this.#memory, this.#length] = [undefined, 0];
    return this.push(chunk);
  }

  #leave(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#due);
    this.#done(this.#left === 0);
  }
}
