import type { Call, ComputingResource, CredentialService } from '@stele/sdk';
import { confOf, keyPairOf } from '../conf.ts';
import type { Cloud } from './cloud.ts';
import { givenUp } from './failures.ts';
import type { OpenCloud } from './open.ts';
import { fingerprintOf, type Settings, settingsOf } from './settings.ts';

/** Milliseconds that connections are kept which nobody uses: the next round comes soon. */
const idle = 30_000;

interface Kept {
  readonly cloud: OpenCloud;
  leases: number;
  timer?: NodeJS.Timeout;
}

/** A way to AWS that is in use. */
export interface Lease extends Disposable {
  readonly cloud: Cloud;
}

/** Opens ways to AWS: shared by who uses the same, and kept for a while after. */
export class Connections implements Disposable {
  readonly #credentials: CredentialService;
  readonly #idle: number;
  readonly #kept = new Map<string, Kept>();

  constructor(credentials: CredentialService, idleFor = idle) {
    this.#credentials = credentials;
    this.#idle = idleFor;
  }

  /** @throws DENIED when there are no credentials yet; UNREACHABLE for a caller who has left */
  async open(resource: ComputingResource, call: Call): Promise<Lease> {
    if (call.signal.aborted) throw givenUp();
    const keys = resource.auth === 'none' ? undefined : keyPairOf(await this.#credentials.of(resource, call));
    const settings = settingsOf(confOf(resource), keys);
    // Here and not above: the library takes its time and memory, and many a platform has no Fargate.
    const { openCloud } = await import('./open.ts');
    return this.#lease(settings, openCloud);
  }

  #lease(settings: Settings, make: (settings: Settings) => OpenCloud): Lease {
    const name = fingerprintOf(settings);
    const kept = this.#kept.get(name) ?? { cloud: make(settings), leases: 0 };
    this.#kept.set(name, kept);
    clearTimeout(kept.timer);
    kept.leases += 1;
    let isOut = true;
    const give = (): void => {
      if (isOut) this.#give(name, kept);
      isOut = false;
    };
    return { cloud: kept.cloud, [Symbol.dispose]: give };
  }

  #give(name: string, kept: Kept): void {
    kept.leases -= 1;
    if (kept.leases > 0) return;
    kept.timer = setTimeout(() => this.#end(name, kept), this.#idle).unref();
  }

  #end(name: string, kept: Kept): void {
    if (this.#kept.get(name) === kept) this.#kept.delete(name);
    clearTimeout(kept.timer);
    kept.cloud.close();
  }

  [Symbol.dispose](): void {
    for (const [name, kept] of this.#kept) this.#end(name, kept);
  }
}
