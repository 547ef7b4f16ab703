import assert from 'node:assert/strict';
import type { Storage } from '@stele/sdk/api';
import type { ApiClient } from '../e2e/lib/index.ts';
import { bringStore, certificate, endpoint, Store } from './s3-world.ts';

/** A bucket that a platform has as a storage beside what its tasks mount: what is in it has to be brought to them. */
export class Bucket implements AsyncDisposable {
  readonly #store: Store;
  readonly #name: string;

  private constructor(store: Store, name: string) {
    this.#store = store;
    this.#name = name;
  }

  /** With a file in a folder and a place for results, or why this machine can't have it. */
  static async open(): Promise<Bucket | string> {
    const reason = await bringStore();
    if (reason !== undefined) return reason;
    const store = new Store();
    const name = await store.makeBucket();
    await store.put(name, 'survey/notes.txt', 'from the store');
    await store.put(name, 'survey/deep/er/points.csv', '1,2\n3,4\n');
    await store.put(name, 'results/earlier.txt', 'stays');
    return new Bucket(store, name);
  }

  /** What a site file has to say, so that the platform may go there. */
  static readonly plugins = { 'storage-s3': { enabled: true, endpoints: [new URL(endpoint).host] } as object };

  /** Makes it a storage, as an administrator. @returns what a launch says to have its folder, and its results brought back */
  async add(api: ApiClient) {
    const { id: storage } = await api.must<Storage>('POST', '/storages', {
      ...{ name: 'Observations', backend: 's3', access: 'api', auth: 'platform-token', owner: { kind: 'platform' } },
      conf: { endpoint, bucket: this.#name, ca: certificate() },
      credentials: { accessKeyId: 'KEY', secretAccessKey: 'secret' },
    });
    return { in: [{ storage, path: 'survey' }], out: { storage, path: 'results' } };
  }

  /** What tasks have left there, by paths in their folders. What was there before is still there. */
  async results(): Promise<readonly string[]> {
    const keys = (await this.#store.keys(this.#name)).filter((key) => key.startsWith('results/') && !key.endsWith('/'));
    assert(keys.includes('results/earlier.txt'));
    const own = keys.filter((key) => key !== 'results/earlier.txt');
    return own.map((key) => key.split('/').slice(2).join('/')).sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#store[Symbol.dispose]();
  }
}
