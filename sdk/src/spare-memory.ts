/** Pieces that are kept while much moves, and those that are kept always. */
const most = 256;
const least = 32;
/** Milliseconds after which half of the others go. */
const shrinking = 5_000;

/** Pieces of memory that nobody uses: as many as a large transfer needs, while it needs them. */
export class SpareMemory {
  readonly #pieces: Buffer[] = [];
  #due: NodeJS.Timeout | undefined;

  get count(): number {
    return this.#pieces.length;
  }

  take(): Buffer | undefined {
    return this.#pieces.pop();
  }

  keep(piece: Buffer): void {
    if (this.#pieces.length < most) this.#pieces.push(piece);
    this.#watch();
  }

  #watch(): void {
    if (this.#pieces.length <= least || this.#due !== undefined) return;
    this.#due = setTimeout(() => this.#shrink(), shrinking).unref();
  }

  #shrink(): void {
    this.#due = undefined;
    this.#pieces.length = Math.max(Math.min(least, this.#pieces.length), this.#pieces.length >> 1);
    this.#watch();
  }
}
