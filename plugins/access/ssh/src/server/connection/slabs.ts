/** Sizes of a slab: the first, and the largest. */
const first = 64 * 1024;
const largest = 256 * 1024;

/**
 * Hands out memory for reads: the rest of a slab, until little of it is left. Node would take 64 KiB of new memory for every read, and
 * collecting that takes a quarter of the CPU time of a download. Slabs grow when reads fill them: in a large read fewer packets of
 * SSH are torn in two and have to be put together.
 */
export class Slabs {
  #slab = Buffer.allocUnsafeSlow(first);
  #used = 0;

  /** Where the next read goes. Asked again before that, it is the same place. */
  next(): Buffer {
    if (this.#slab.length - this.#used < this.#slab.length / 4) this.#renew(this.#slab.length);
    return this.#slab.subarray(this.#used);
  }

  /** What a read has brought. It belongs to whoever takes it: no read goes there again. */
  take(length: number): Buffer {
    const isFull = length === this.#slab.length - this.#used;
    const bytes = this.#slab.subarray(this.#used, this.#used + length);
    this.#used += length;
    if (isFull) this.#renew(Math.min(largest, this.#slab.length * 2));
    return bytes;
  }

  #renew(size: number): void {
    this.#slab = Buffer.allocUnsafeSlow(size);
    this.#used = 0;
  }
}
