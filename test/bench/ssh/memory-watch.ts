const period = 5;

/** Resident memory of this process from now on, beyond what it has now; garbage is collected first. Needs `--expose-gc`. */
export class MemoryWatch implements Disposable {
  readonly #before = collected();
  #peak = this.#before;
  readonly #timer = setInterval(() => this.#look(), period);

  /** Bytes beyond before: the most that was seen, and what is left when garbage has been collected. */
  end(): { readonly peak: number; readonly left: number } {
    this.#look();
    return { peak: this.#peak - this.#before, left: collected() - this.#before };
  }

  #look(): void {
    this.#peak = Math.max(this.#peak, process.memoryUsage.rss());
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

function collected(): number {
  if (globalThis.gc === undefined) throw new Error('memory is watched with --expose-gc alone');
  globalThis.gc();
  return process.memoryUsage.rss();
}
