import { borrow, lend, lendingSize } from '@stele/sdk';

/** Bytes of one breath that are much. */
const much = 8_192;
/** Milliseconds after a breath in which the next one belongs to the same flow. */
const close = 3;

/** What time is here. */
export interface Clock {
  now(): number;
  /** Milliseconds for which a flow is left to the kernel, to be read in one go. */
  readonly moment: number;
}

const clock: Clock = { now: () => performance.now(), moment: 1 };

/** Where pieces come from and go to. */
export interface Ends {
  /** Takes memory that was lent. */
  pass(chunk: Buffer): void;
  /** Whether nothing is to be read for a moment. */
  hold(isHeld: boolean): void;
}

/**
 * Puts pieces that come in one breath together, each copied once: a few large chunks cost everybody after it less than many of the size of
 * a TLS record. Where processors are free a breath is hardly a record, and waking for each costs more than the record: so, while much keeps
 * coming, it is read from moment to moment.
 */
export class Gathering {
  readonly #ends: Ends;
  #memory: Buffer | undefined;
  #length = 0;
  /** Bytes of this breath. */
  #came = 0;
  #lastBreath = Number.NEGATIVE_INFINITY;
  #breath: NodeJS.Immediate | undefined;
  #due: NodeJS.Timeout | undefined;
  readonly #clock: Clock;

  constructor(ends: Ends, time = clock) {
    this.#ends = ends;
    this.#clock = time;
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
    const wasHeld = this.#due !== undefined;
    [this.#breath, this.#due] = [undefined, undefined];
    this.#give();
    if (wasHeld) this.#ends.hold(false);
  }

  #breathed(): void {
    this.#breath = undefined;
    const now = this.#clock.now();
    const isFlow = this.#came >= much && now - this.#lastBreath < close;
    [this.#came, this.#lastBreath] = [0, now];
    if (!isFlow) return this.flush();
    if (this.#due !== undefined) return;
    this.#ends.hold(true);
    this.#due = setTimeout(() => this.flush(), this.#clock.moment);
  }

  #give(): void {
    if (this.#memory === undefined) return;
    const chunk = lend(this.#memory, this.#length);
    [this.#memory, this.#length] = [undefined, 0];
    this.#ends.pass(chunk);
  }
}
