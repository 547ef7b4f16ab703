import { skip } from '../e2e/lib/skip.ts';
import { bringCeph, ceph, endCeph } from './ceph-world.ts';
import { clients } from '../storage/s3-world.ts';
import { describeStore } from '../storage/s3-kit.ts';

describe('S3 storage in Ceph', function () {
  this.timeout(60_000);

  before(async function () {
    // The tree is made once.
    this.timeout(600_000);
    const reason = await bringCeph();
    if (reason !== undefined) skip(this, reason);
  });
  describeStore(ceph, { writesNameWithLineEnd: true });

  // After what the kit does in the end.
  after(async () => {
    clients[Symbol.dispose]();
    await endCeph();
  });
});
