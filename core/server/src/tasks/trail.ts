/** Bytes by which a place in a log is known again. */
const length = 4096;

/** How far a log was read: its last bytes, and where they ended, as far as that is known. */
export class Trail {
  #last = Buffer.alloc(0);
  #position: number | undefined;

  /** @param position where the first byte will be; unknown where only the last lines are read */
  constructor(position?: number) {
    this.#position = position;
  }

  get isEmpty(): boolean {
    return this.#last.length === 0;
  }

  add(chunk: Uint8Array): void {
    if (this.#position !== undefined) this.#position += chunk.length;
    this.#last = Buffer.concat([this.#last, chunk.subarray(-length)]).subarray(-length);
  }

  /**
   * Where to read on in a log that is read anew. A program may print the same for ever: what ends where it ended before counts, then what
   * ends last. `undefined` when it is nowhere: engines throw away the beginning of long logs.
   */
  async endIn(log: AsyncIterable<Uint8Array>): Promise<number | undefined> {
    const { length: size } = this.#last;
    let [start, window, found] = [0, Buffer.alloc(0), undefined as number | undefined];
    for await (const chunk of log) {
      const rest = window.subarray(Math.max(0, window.length - size + 1));
      start += window.length - rest.length;
      window = Buffer.concat([rest, chunk]);
      const expected = (this.#position ?? Number.NaN) - size - start;
      if (expected >= 0 && window.subarray(expected, expected + size).equals(this.#last)) return this.#position;
      const at = window.lastIndexOf(this.#last);
      if (at >= 0) found = start + at + size;
    }
    this.#position = found;
    return found;
  }
}
