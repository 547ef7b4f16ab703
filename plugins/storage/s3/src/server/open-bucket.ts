import type { OpenStorage } from '@stele/sdk';
import { BucketRequests } from './bucket.ts';
import { makeClient } from './client.ts';
import { type Clients, type ClientSettings, fingerprintOf } from './clients.ts';
import type { Conf } from './conf.ts';
import { hostOf } from './endpoint.ts';
import { S3Storage, type S3StorageParts } from './s3-storage.ts';

type Opening = Pick<S3StorageParts, 'root' | 'storage' | 'limits' | 'room'> &
  Pick<ClientSettings, 'keys' | 'isGuarded'> & { readonly conf: Conf };

/** Opens a bucket; nothing is asked of it yet. */
export function openBucket({ conf, keys, isGuarded, ...rest }: Opening, clients: Clients): OpenStorage {
  const settings = { ...conf, keys, isGuarded };
  const lease = clients.take(fingerprintOf(settings), () => makeClient(settings));
  const place = { bucket: conf.bucket, region: conf.region, host: hostOf(conf) };
  return new S3Storage({ bucket: new BucketRequests(lease.thing, place), lease, ...rest });
}
