import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describeStorageBackend, testCall, type TreeWorld } from '@stele/sdk/testing';
import { backendOf, clients, type Place, Store, storageAt } from './s3-world.ts';

/** What stores differ in. */
export interface Traits {
  /** Whether a key may hold the end of a line. */
  readonly writesNameWithLineEnd: boolean;
}

/** The kit of storages, and how uploads and large folders are, in a store of any kind that is up by then. */
export function describeStore(place: Place, { writesNameWithLineEnd }: Traits): void {
  const backend = backendOf(place);
  let store: Store;
  const bucket = 'kit';

  before(async () => {
    store = new Store(place);
    await store.makeBucket(bucket);
  });
  after(async () => {
    if (store) await store.removeBucket(bucket);
    store?.[Symbol.dispose]();
  });

  async function open(): Promise<TreeWorld> {
    // In one bucket: to make one takes some stores longer than a whole test.
    const prefix = `${randomUUID()}/folder`;
    const tree = await backend.open(storageAt(bucket, { prefix }, {}, place), testCall());
    await store.put(bucket, `${prefix}-beside`, 'outside');
    return {
      tree,
      close: async () => {
        await tree[Symbol.asyncDispose]();
        assert.equal(await store.uploads(bucket), 0, 'no upload may stay');
        assert((await store.keys(bucket)).includes(`${prefix}-beside`), 'nothing outside may change');
        await store.empty(bucket);
      },
    };
  }

  describeStorageBackend(
    { describe, it, before, after },
    {
      backend,
      storage: storageAt(bucket, { prefix: 'users/$USER' }, {}, place),
      isPersonal: true,
      canBind: false,
      broken: storageAt('no-such-bucket', {}, {}, place),
      trees: { open, writesWithin: false, cannotName: (name) => !writesNameWithLineEnd && name.includes('\n') },
      count: () => ({ leases: clients.count }),
    },
  );
}
