import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Conf, KeyPair } from './conf.ts';

/** What a client is made from: the same gives the same. */
export interface ClientSettings extends Pick<Conf, 'endpoint' | 'region' | 'pathStyle' | 'ca'> {
  /** None for buckets that are open to all. */
  readonly keys: KeyPair | undefined;
  /** Whether the endpoint was chosen by a user, and by nobody who runs the site. */
  readonly isGuarded: boolean;
}

/** Milliseconds that a client is kept whom nobody uses: its connections serve the next page of a listing. */
const idle = 30_000;

interface Kept {
  readonly client: S3Client;
  leases: number;
  timer?: NodeJS.Timeout;
}

/** A client that is in use. */
export interface Lease extends Disposable {
  readonly client: S3Client;
}

/** Clients by what they are made from, shared while they are used and for a while after. */
export class Clients implements Disposable {
  readonly #kept = new Map<string, Kept>();
  readonly #idle: number;

  constructor(idleFor = idle) {
    this.#idle = idleFor;
  }

  /** Leases that are out. */
  get leases(): number {
    return [...this.#kept.values()].reduce((sum, { leases }) => sum + leases, 0);
  }

  /** @param make makes the client when there is none: whoever has none yet need not know how */
  lease(settings: ClientSettings, make: (settings: ClientSettings) => S3Client): Lease {
    const name = fingerprintOf(settings);
    const kept = this.#kept.get(name) ?? { client: make(settings), leases: 0 };
    this.#kept.set(name, kept);
    clearTimeout(kept.timer);
    kept.leases += 1;
    let isOut = true;
    const give = (): void => {
      if (isOut) this.#give(name, kept);
      isOut = false;
    };
    return { client: kept.client, [Symbol.dispose]: give };
  }

  #give(name: string, kept: Kept): void {
    kept.leases -= 1;
    if (kept.leases > 0) return;
    kept.timer = setTimeout(() => this.#end(name, kept), this.#idle).unref();
  }

  #end(name: string, kept: Kept): void {
    if (this.#kept.get(name) === kept) this.#kept.delete(name);
    clearTimeout(kept.timer);
    kept.client.destroy();
  }

  [Symbol.dispose](): void {
    for (const [name, kept] of this.#kept) this.#end(name, kept);
  }
}

/** The same for the same settings; tells nothing of them. */
export function fingerprintOf(settings: ClientSettings): string {
  const { endpoint, region, pathStyle, ca, keys, isGuarded } = settings;
  const all = [
    endpoint,
    region,
    pathStyle,
    ca,
    keys?.accessKeyId,
    keys?.secretAccessKey,
    keys?.sessionToken,
    isGuarded,
  ];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
