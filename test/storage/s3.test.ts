import { skip } from '../e2e/lib/skip.ts';
import { describeStore } from './s3-kit.ts';
import { bringStore, clients, open } from './s3-world.ts';

describe('S3 storage', function () {
  this.timeout(60_000);

  before(async function () {
    this.timeout(300_000);
    const reason = await bringStore();
    if (reason !== undefined) skip(this, reason);
  });
  // Its web server knows no address with a line end.
  describeStore(open, { writesNameWithLineEnd: false });

  // After what the kit does in the end.
  after(async () => {
    clients[Symbol.dispose]();
  });
});
