import {
  type AccessKeys,
  accessKeysOf,
  accessKeysSchema,
  type Call,
  type CredentialService,
  type OpenStorage,
  type StorageBackend,
  type StorageResource,
} from '@stele/sdk';
import { Room } from './ahead.ts';
import type { Settings } from '../settings.ts';
import type { Clients } from './clients.ts';
import { confOf, confSchema } from './conf.ts';
import { copyLimits, partsAhead } from './limits.ts';
import { checkEndpoint } from './endpoint.ts';
import { givenUp } from './errors.ts';
import { rootFor } from './keys.ts';

/** What the backend takes from its host. */
export interface S3Parts {
  readonly credentials: CredentialService;
  readonly clients: Clients;
  readonly settings: Settings;
}

/** Buckets of object stores that speak S3. */
export class S3 implements StorageBackend {
  readonly title = 'Bucket of an object store (S3)';
  readonly accepts = [{ access: 'api', auth: ['user-token', 'platform-token', 'none'] }] as const;
  readonly conf = confSchema;
  readonly credentials = accessKeysSchema;
  readonly #parts: S3Parts;
  readonly #limits = copyLimits;
  readonly #room = new Room(partsAhead);

  constructor(parts: S3Parts, limits = copyLimits) {
    this.#parts = parts;
    this.#limits = limits;
  }

  async open(storage: StorageResource, call: Call): Promise<OpenStorage> {
    if (call.signal.aborted) throw givenUp();
    const conf = confOf(storage.conf);
    const isGuarded = checkEndpoint(conf, storage.auth === 'user-token', this.#parts.settings);
    const root = rootFor(conf.prefix, call.who);
    const keys = await this.#keys(storage, call);
    // Here and not above: the library takes its time and memory, and many a platform has no bucket.
    const { openBucket } = await import('./open-bucket.ts');
    return openBucket(
      { conf, keys, isGuarded, root, storage, limits: this.#limits, room: this.#room },
      this.#parts.clients,
    );
  }

  /** A container mounts folders of its host: a bucket is none. */
  async bind(): Promise<undefined> {
    return undefined;
  }

  async #keys(storage: StorageResource, call: Call): Promise<AccessKeys | undefined> {
    if (storage.auth === 'none') return undefined;
    return accessKeysOf(await this.#parts.credentials.of(storage, call));
  }
}
