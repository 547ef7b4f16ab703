import { borrow, lend, lendingSize } from '@stele/sdk';

/** Bytes of one breath that are much. */
const much = 8_192;
/** Milliseconds after a breath in which the next one belongs to the same flow. */
const close = 3;
/** Milliseconds for which a flow is gathered: a fast one fills the memory sooner. */
const moment = 1;

/**
 * Puts pieces that come in one breath together, each copied once: a few large chunks cost everybody after it less than many of the size of
 * a TLS record. Where processors are free a breath is hardly a record: so, while much keeps coming, several are put together.
 */
export class Gathering {
  readonly #pass: (chunk: Buffer) => void;
  #memory: Buffer | undefined;
  #length = 0;
  /** Bytes of this breath. */
  #came = 0;
  #lastBreath = Number.NEGATIVE_INFINITY;
  #breath: NodeJS.Immediate | undefined;
  #due: NodeJS.Timeout | undefined;
  readonly #now: () => number;

  /** @param pass gets memory that was lent */
  constructor(pass: (chunk: Buffer) => void, now = (): number => performance.now()) {
    this.#pass = pass;
    this.#now = now;
  }

  /** Takes what stands from one place of some bytes to another. */
  add(bytes: Buffer, from = 0, to = bytes.length): void {
    for (let at = from; at < to;) {
      this.#memory ??= borrow();
      const taken = bytes.copy(this.#memory, this.#length, at, to);
      this.#length += taken;
      at += taken;
      if (this.#length === lendingSize) this.#give();
    }
    this.#came += to - from;
    // When all has been read that is there.
    this.#breath ??= setImmediate(() => this.#breathed());
  }

  /** Passes on what is there. */
  flush(): void {
    clearImmediate(this.#breath);
    clearTimeout(this.#due);
    [this.#breath, this.#due] = [undefined, undefined];
    this.#give();
  }

  #breathed(): void {
    this.#breath = undefined;
    const now = this.#now();
    const isFlow = this.#came >= much && now - this.#lastBreath < close;
    [this.#came, this.#lastBreath] = [0, now];
    if (isFlow) this.#due ??= setTimeout(() => this.flush(), moment);
    else this.flush();
  }

  #give(): void {
    if (this.#memory === undefined) return;
    const chunk = lend(this.#memory, this.#length);
    [this.#memory, this.#length] = [undefined, 0];
    this.#pass(chunk);
  }
}
