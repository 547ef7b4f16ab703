import type { BucketRequests } from './bucket.ts';
import { foldersIn } from './folder.ts';
import type { At } from './keys.ts';

/**
 * Milliseconds for which a look into a folder counts. What somebody else does meanwhile is seen late: a file that comes into a
 * folder just removed makes it anew, as it does between a look and a write.
 */
const lasting = 10_000;
/** Folders whose looks are kept: files come by the order of their paths. */
const most = 16;

/** Names of folders, `undefined` where they are too many to be told. */
type Names = ReadonlySet<string> | undefined;

/** What was seen of folders a moment ago, so that many files that go into one don’t ask each. */
export class Looks {
  readonly #seen = new Map<string, { readonly names: Names; readonly until: number }>();
  readonly #now: () => number;
  /** Changes here so far. */
  #changes = 0;

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** As {@link foldersIn}, of now or of a moment ago. */
  async foldersIn(bucket: BucketRequests, at: At, signal: AbortSignal): Promise<Names> {
    const seen = this.#seen.get(at.path);
    if (seen && this.#now() < seen.until) return seen.names;
    const [changes, until] = [this.#changes, this.#now() + lasting];
    const names = await foldersIn(bucket, at, signal);
    if (changes === this.#changes) this.#keep(at.path, { names, until });
    return names;
  }

  /** Folders may have come and gone: what was seen, and what is being looked at, counts no more. */
  forget(): void {
    this.#changes += 1;
    this.#seen.clear();
  }

  #keep(path: string, look: { readonly names: Names; readonly until: number }): void {
    this.#seen.delete(path);
    this.#seen.set(path, look);
    for (const oldest of this.#seen.keys()) {
      if (this.#seen.size <= most) return;
      this.#seen.delete(oldest);
    }
  }
}
