import {
  accessKeysOf,
  type Call,
  type ComputingResource,
  type CredentialService,
  type Lease,
  Leases,
} from '@stele/sdk';
import { confOf } from '../conf.ts';
import type { Cloud } from './cloud.ts';
import { givenUp } from './failures.ts';
import type { OpenCloud } from './open.ts';
import { fingerprintOf, settingsOf } from './settings.ts';

/** Opens ways to AWS: shared by who uses the same, and kept for a while after. */
export class Connections implements Disposable {
  readonly #credentials: CredentialService;
  readonly #clouds: Leases<OpenCloud>;

  /** @param idle milliseconds that a way is kept which nobody uses: the next round comes soon */
  constructor(credentials: CredentialService, idle?: number) {
    this.#credentials = credentials;
    this.#clouds = new Leases((cloud) => cloud.close(), idle);
  }

  /** @throws DENIED when there are no credentials yet; UNREACHABLE for a caller who has left */
  async open(resource: ComputingResource, call: Call): Promise<Lease<Cloud>> {
    if (call.signal.aborted) throw givenUp();
    const keys = resource.auth === 'none' ? undefined : accessKeysOf(await this.#credentials.of(resource, call));
    const settings = settingsOf(confOf(resource), keys);
    // Here and not above: the library takes its time and memory, and many a platform has no Fargate.
    const { openCloud } = await import('./open.ts');
    return this.#clouds.take(fingerprintOf(settings), () => openCloud(settings));
  }

  [Symbol.dispose](): void {
    this.#clouds[Symbol.dispose]();
  }
}
