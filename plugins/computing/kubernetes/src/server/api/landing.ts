import type { Readable } from 'node:stream';

/** Takes the first `length` bytes, which are gone when it returns. Whoever has enough pauses the stream. */
export type Take = (bytes: Buffer, length: number) => void;

/**
 * Where what comes on a stream is shown without memory of its own, to whoever copies it anyhow. A way that can't do that says all on the
 * stream, as streams do.
 */
export class Landing {
  #take: Take | undefined;

  /** From here on all that comes goes to `take`, and nothing of it to the stream. */
  leadTo(take: Take): void {
    this.#take = take;
  }

  /** Something has come on a stream. False: the stream wants no more for now. */
  show(bytes: Buffer, length: number, stream: Readable): boolean {
    if (this.#take === undefined) return stream.push(Buffer.from(bytes.subarray(0, length)));
    this.#take(bytes, length);
    return true;
  }
}
