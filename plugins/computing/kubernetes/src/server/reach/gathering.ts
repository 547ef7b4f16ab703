import { borrow, lend, lendingSize } from '@stele/sdk';

/**
 * Puts pieces that come in one breath together, each copied once: a few large chunks cost everybody after it less than many of the size of
 * a TLS record.
 */
export class Gathering {
  readonly #pass: (chunk: Buffer) => void;
  #memory: Buffer | undefined;
  #length = 0;
  #due: NodeJS.Immediate | undefined;

  /** @param pass gets memory that was lent */
  constructor(pass: (chunk: Buffer) => void) {
    this.#pass = pass;
  }

  /** Takes what stands from one place of some bytes to another. */
  add(bytes: Buffer, from = 0, to = bytes.length): void {
    for (let at = from; at < to;) {
      this.#memory ??= borrow();
      const taken = bytes.copy(this.#memory, this.#length, at, to);
      this.#length += taken;
      at += taken;
      if (this.#length === lendingSize) this.flush();
    }
    // When all has been read that is there.
    this.#due ??= setImmediate(() => this.flush());
  }

  /** Passes on what is there. */
  flush(): void {
    clearImmediate(this.#due);
    this.#due = undefined;
    if (this.#memory === undefined) return;
    const chunk = lend(this.#memory, this.#length);
    [this.#memory, this.#length] = [undefined, 0];
    this.#pass(chunk);
  }
}
