import assert from 'node:assert/strict';
import { describeStorageBackend, testCall, type TreeWorld } from '@stele/sdk/testing';
import { skip } from '../e2e/lib/skip.ts';
import { backend, bringStore, clients, endStore, endpoint, Store, storageAt } from './s3-world.ts';

describe('S3 storage', function () {
  this.timeout(60_000);
  let store: Store;

  before(async function () {
    this.timeout(300_000);
    const reason = await bringStore();
    if (reason !== undefined) return skip(this, reason);
    store = new Store();
    await store.makeBucket('kit');
  });
  after(async () => {
    if (store) await store.removeBucket('kit');
    store?.[Symbol.dispose]();
    clients[Symbol.dispose]();
    await endStore();
  });

  async function open(): Promise<TreeWorld> {
    const bucket = await store.makeBucket();
    const tree = await backend.open(storageAt(bucket, { prefix: 'some/folder' }), testCall());
    await store.put(bucket, 'some/folder-beside', 'outside');
    return {
      tree,
      close: async () => {
        await tree[Symbol.asyncDispose]();
        assert.equal(await store.uploads(bucket), 0, 'no upload may stay');
        assert((await store.keys(bucket)).includes('some/folder-beside'), 'nothing outside may change');
        await store.removeBucket(bucket);
      },
    };
  }

  describeStorageBackend(
    { describe, it, before, after },
    {
      backend,
      storage: storageAt('kit', { prefix: 'users/$USER' }),
      isPersonal: true,
      canBind: false,
      broken: storageAt('no-such-bucket', { endpoint }),
      // Its web server knows no address with a line end.
      trees: { open, writesWithin: false, cannotName: (name) => name.includes('\n') },
      count: () => ({ leases: clients.count }),
    },
  );
});
