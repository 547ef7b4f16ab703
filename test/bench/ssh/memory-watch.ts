const period = 5;

/** Bytes: resident memory of this process, and what of it objects take. */
export interface Memory {
  readonly resident: number;
  readonly used: number;
}

/** Memory of this process from now on, beyond what it has now; garbage is collected first. Needs `--expose-gc`. */
export class MemoryWatch implements Disposable {
  readonly #before = collected();
  #peak = this.#before.resident;
  readonly #timer = setInterval(() => (this.#peak = Math.max(this.#peak, process.memoryUsage.rss())), period);

  /** The most that was resident at any moment, in bytes beyond before. */
  get peak(): number {
    return this.#peak - this.#before.resident;
  }

  /** What is there beyond before, when garbage has been collected. */
  left(): Memory {
    const { resident, used } = collected();
    return { resident: resident - this.#before.resident, used: used - this.#before.used };
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

function collected(): Memory {
  if (globalThis.gc === undefined) throw new Error('memory is watched with --expose-gc alone');
  globalThis.gc();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  return { resident: rss, used: heapUsed + arrayBuffers };
}
