const [quote, backslash, opening, closing, list, endOfList] = ['"', '\\', '{', '}', '[', ']'].map((letter) =>
  letter.charCodeAt(0),
);

/** What may stand between the objects of a list. */
const between = new Set(Buffer.from(' \t\r\n,{]'));

const marks = new Uint8Array(256);
for (const letter of Buffer.from('"\\{}[]')) marks[letter] = 1;

/** Which objects of a document are kept. */
export interface Choice {
  /** Name of a list of objects in the document. */
  readonly list: string;
  /** What the text of an object has to hold to be kept. */
  readonly marker: string;
}

/** A document as it is. */
export class Whole {
  length = 0;
  readonly #kept: Buffer[] = [];

  push(chunk: Buffer): void {
    this.length += chunk.length;
    this.#kept.push(chunk);
  }

  bytes(): Buffer {
    return Buffer.concat(this.#kept);
  }

  text(): string {
    return this.bytes().toString();
  }
}

/**
 * Leaves objects out of a list in a JSON document while it comes: a cluster's list of jobs has a hundred megabytes that aren't
 * ours, and would stop everything else while it is parsed. What is left is JSON exactly if the whole was, but for what is
 * within the objects that were left out.
 */
export class Thinner {
  readonly #choice: Choice;
  readonly #kept = new Whole();
  /** Of the object that is being read. */
  #parts = new Whole();
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  /** Letters of the latest text on the document's own level: the name of what comes next. */
  #name = '';
  #isInList = false;
  #hasKept = false;

  constructor(choice: Choice) {
    this.#choice = choice;
  }

  /** Bytes that are kept, or may be. */
  get length(): number {
    return this.#kept.length + this.#parts.length;
  }

  push(chunk: Buffer): void {
    let from = 0;
    for (let at = this.#next(chunk, 0); at < chunk.length; at = this.#next(chunk, at + 1)) {
      const byte = chunk[at];
      if (this.#isInList && this.#depth === 2) this.#check(byte);
      if (this.#isText) this.#inText(byte);
      else if (byte === quote) this.#beginText();
      else if (byte === opening || byte === list) {
        if (this.#isInList && this.#depth === 2) from = at;
        this.#depth += 1;
        if (this.#beginsList(byte)) from = this.#enter(chunk, from, at);
      } else if (byte === closing || byte === endOfList) {
        this.#depth -= 1;
        if (this.#isInList) from = this.#leave(chunk, from, at);
      }
    }
    this.#flush(chunk, from);
  }

  /** Where the next byte is that matters: within objects of a list, all but six don't. */
  #next(chunk: Buffer, from: number): number {
    let at = from;
    if (this.#depth > 2 && !this.#isEscaped) while (at < chunk.length && marks[chunk[at] ?? 0] !== 1) at += 1;
    return at;
  }

  /** The document without what was left out. */
  text(): string {
    return this.#kept.text() + this.#parts.text();
  }

  /** What is no list of objects stays, and is found to be none. */
  #check(byte: number | undefined): void {
    if (byte !== undefined && !between.has(byte)) this.#kept.push(Buffer.of(byte));
  }

  #inText(byte: number | undefined): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === backslash) this.#isEscaped = true;
    else if (byte === quote) this.#isText = false;
    if (this.#isText && this.#depth === 1 && this.#name.length < 64) this.#name += String.fromCharCode(byte ?? 0);
  }

  #beginText(): void {
    this.#isText = true;
    if (this.#depth === 1) this.#name = '';
  }

  #beginsList(byte: number | undefined): boolean {
    return byte === list && this.#depth === 2 && this.#name === this.#choice.list;
  }

  #enter(chunk: Buffer, from: number, at: number): number {
    this.#kept.push(Buffer.from(chunk.subarray(from, at + 1)));
    this.#isInList = true;
    this.#hasKept = false;
    return at + 1;
  }

  /** At the end of something within the list, or of the list itself. */
  #leave(chunk: Buffer, from: number, at: number): number {
    if (this.#depth > 2) return from;
    if (this.#depth < 2) {
      this.#isInList = false;
      return at;
    }
    this.#parts.push(chunk.subarray(from, at + 1));
    const whole = this.#parts.bytes();
    this.#parts = new Whole();
    if (whole.includes(this.#choice.marker)) {
      if (this.#hasKept) this.#kept.push(Buffer.from(','));
      this.#kept.push(whole);
      this.#hasKept = true;
    }
    return at + 1;
  }

  #flush(chunk: Buffer, from: number): void {
    if (from >= chunk.length) return;
    const rest = Buffer.from(chunk.subarray(from));
    if (!this.#isInList) this.#kept.push(rest);
    else if (this.#depth > 2) this.#parts.push(rest);
  }
}
