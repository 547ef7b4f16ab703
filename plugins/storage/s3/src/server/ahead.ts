import { givenUp } from './errors.ts';

/** Bytes from `start` to `end`, both inclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Parts of one object that are fetched at a time. */
const mostAtOnce = 4;

/** What a part before weighs beside the one after it. */
const memory = 0.75;

/** Parts that all readers together may hold beyond one each. */
export class Room {
  #free: number;

  constructor(parts: number) {
    this.#free = parts;
  }

  get free(): number {
    return this.#free;
  }

  take(): boolean {
    if (this.#free === 0) return false;
    this.#free -= 1;
    return true;
  }

  giveBack(): void {
    this.#free += 1;
  }
}

interface Part<T> {
  readonly bytes: Promise<T>;
  /** Whether it came out of the common room. */
  readonly isExtra: boolean;
}

/**
 * Fetches parts of an object in their order, and more of them at a time while whoever takes them has to wait: a slow reader
 * holds one in memory, a fast one as many as there is room for.
 */
export class Ahead<T> implements Disposable {
  readonly #spans: Iterator<Span>;
  readonly #fetch: (span: Span) => Promise<T>;
  readonly #room: Room;
  readonly #now: () => number;
  readonly #parts: Part<T>[] = [];
  /** Parts that are fetched or in the reader’s hands. */
  #width = 1;
  /** Milliseconds for which the reader waited, and those that it needed, of late: parts come in bursts. */
  #waited = 0;
  #used = 0;
  /** When the reader got the last one. */
  #given: number;
  #isOver = false;

  constructor(
    spans: Iterable<Span>,
    fetch: (span: Span) => Promise<T>,
    room: Room,
    now: () => number = () => performance.now(),
  ) {
    this.#spans = spans[Symbol.iterator]();
    this.#fetch = fetch;
    this.#room = room;
    this.#now = now;
    this.#given = now();
  }

  /** The next part; `undefined` after the last. One at a time is asked for, when the one before isn’t needed any more. */
  async next(): Promise<T | undefined> {
    const asked = this.#now();
    this.#fill(this.#width);
    const bytes = await this.#parts[0]?.bytes;
    if (this.#isOver) throw givenUp();
    this.#drop();
    const given = this.#now();
    this.#adapt(given - asked, asked - this.#given);
    this.#given = given;
    this.#fill(this.#width - 1);
    return bytes;
  }

  /** Gives its room back; what is on its way is to be ended by who fetches. */
  [Symbol.dispose](): void {
    this.#isOver = true;
    while (this.#parts.length > 0) this.#drop();
  }

  #adapt(waited: number, used: number): void {
    this.#waited = this.#waited * memory + waited;
    this.#used = this.#used * memory + used;
    if (this.#waited * 4 > this.#used) this.#width = Math.min(mostAtOnce, this.#width * 2);
    else if (this.#waited * 16 < this.#used) this.#width = Math.max(1, this.#width - 1);
  }

  #fill(width: number): void {
    while (!this.#isOver && this.#parts.length < width) {
      const isExtra = this.#parts.length > 0;
      if (isExtra && !this.#room.take()) return;
      const next = this.#spans.next();
      if (next.done !== true) this.#parts.push(this.#begin(next.value, isExtra));
      else {
        if (isExtra) this.#room.giveBack();
        return;
      }
    }
  }

  #begin(span: Span, isExtra: boolean): Part<T> {
    const bytes = this.#fetch(span);
    // Who comes to take it is told of a failure; nobody may come.
    void Promise.allSettled([bytes]);
    return { bytes, isExtra };
  }

  #drop(): void {
    if (this.#parts.shift()?.isExtra === true) this.#room.giveBack();
  }
}
