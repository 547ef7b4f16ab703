import type { Name, SortedNames } from '@stele/sdk/trees';
import type { Sftp } from '../sftp/sftp.ts';
import type { Attributes } from '../sftp/wire.ts';

/** What a large folder held when it was read. */
export interface Snapshot {
  readonly rows: SortedNames;
  /** By the very buffers of the rows. */
  readonly known: ReadonlyMap<Name, Attributes>;
  /** The folder's own time, in seconds. */
  readonly modified: number;
  readonly isHidden: boolean;
  /** By `performance.now()`. */
  readonly at: number;
}

/** How long a large folder's order is kept for its next pages. */
const lifetime = 30_000;
/** How long the rest of what was read is shown as it was. */
const freshness = 5_000;
/** Reading a smaller one again costs next to nothing. */
const worthKeeping = 1_000;
/** For each account on a host. */
const mostFolders = 8;
const mostNames = 400_000;

const shared = new WeakMap<Sftp, Snapshots>();

/** Large folders of an account on a host, for the pages that follow the first, whichever use of the host they come by. */
export class Snapshots {
  readonly #kept = new Map<string, Snapshot>();

  static of(sftp: Sftp): Snapshots {
    const present = shared.get(sftp) ?? new Snapshots();
    shared.set(sftp, present);
    return present;
  }

  /** @param modified the folder's time now: one that has changed is read again */
  get(path: Buffer, modified: number, isHidden: boolean): Snapshot | undefined {
    const snapshot = this.#kept.get(path.toString('latin1'));
    if (snapshot === undefined || snapshot.modified !== modified || snapshot.isHidden !== isHidden) return undefined;
    return isYounger(snapshot, lifetime) ? snapshot : undefined;
  }

  keep(path: Buffer, snapshot: Snapshot): void {
    const key = path.toString('latin1');
    this.#kept.delete(key);
    // Times are in seconds: a folder that changes right now can't be told from one that doesn't.
    if (snapshot.rows.length <= worthKeeping || snapshot.modified * 1000 > Date.now() - 2_000) return;
    this.#kept.set(key, snapshot);
    while (this.#kept.size > 1 && (this.#kept.size > mostFolders || this.#names() > mostNames)) this.#dropOldest();
    const { at } = snapshot;
    const later = (time: number, change: () => unknown): void => {
      setTimeout(() => this.#kept.get(key)?.at === at && change(), time).unref();
    };
    later(freshness, () => this.#kept.set(key, { ...snapshot, known: new Map() }));
    later(lifetime, () => this.#kept.delete(key));
  }

  /** Forgets what we have changed: the folder at `path`, and all below. */
  forget(path: Buffer): void {
    const key = path.toString('latin1');
    for (const kept of this.#kept.keys()) if (kept === key || kept.startsWith(`${key}/`)) this.#kept.delete(kept);
  }

  #names(): number {
    return [...this.#kept.values()].reduce((sum, { rows }) => sum + rows.length, 0);
  }

  #dropOldest(): void {
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** Sizes and times of a snapshot, while they are young enough to be shown. */
export function attributesIn(snapshot: Snapshot): ReadonlyMap<Name, Attributes> {
  return isYounger(snapshot, freshness) ? snapshot.known : new Map();
}

function isYounger({ at }: Snapshot, age: number): boolean {
  return performance.now() - at < age;
}
