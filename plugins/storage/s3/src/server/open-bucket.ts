import type { OpenStorage } from '@stele/sdk';
import { BucketRequests } from './bucket.ts';
import { makeClient } from './client.ts';
import type { Clients, ClientSettings } from './clients.ts';
import type { Conf } from './conf.ts';
import { hostOf } from './endpoint.ts';
import { S3Storage, type S3StorageParts } from './s3-storage.ts';

type Opening = Pick<S3StorageParts, 'root' | 'storage' | 'limits'> &
  Pick<ClientSettings, 'keys' | 'isGuarded'> & { readonly conf: Conf };

/** Opens a bucket; nothing is asked of it yet. */
export function openBucket({ conf, keys, isGuarded, ...rest }: Opening, clients: Clients): OpenStorage {
  const lease = clients.lease({ ...conf, keys, isGuarded }, makeClient);
  const place = { bucket: conf.bucket, region: conf.region, host: hostOf(conf) };
  return new S3Storage({ bucket: new BucketRequests(lease.client, place), lease, ...rest });
}
