import { createHash } from 'node:crypto';
import ssh2 from 'ssh2';

/** Keys that are remembered; some 100 bytes each. */
const most = 10_000;

/** Which private keys can be read. Each is tried once: that takes a millisecond, and hundreds of callers come with the same. */
export class ReadableKeys {
  /** Hashes: no private half is kept for this. */
  readonly #known = new Set<string>();
  readonly #most: number;

  constructor(limit = most) {
    this.#most = limit;
  }

  get size(): number {
    return this.#known.size;
  }

  /** What is wrong with a key. The library would throw it when a connection is made, with words for programmers. */
  errorOf(privateKey: string): Error | undefined {
    const hash = createHash('sha256').update(privateKey).digest('base64');
    if (this.#known.has(hash)) return undefined;
    const key = ssh2.utils.parseKey(privateKey);
    if (key instanceof Error) return key;
    const [oldest] = this.#known;
    if (this.#known.size >= this.#most && oldest !== undefined) this.#known.delete(oldest);
    this.#known.add(hash);
    return undefined;
  }
}
