import { createHash } from 'node:crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import { type AccessKeys, Leases } from '@stele/sdk';
import type { Conf } from './conf.ts';

/** What a client is made from: the same gives the same. */
export interface ClientSettings extends Pick<Conf, 'endpoint' | 'region' | 'pathStyle' | 'ca'> {
  /** None for buckets that are open to all. */
  readonly keys: AccessKeys | undefined;
  /** Whether the endpoint was chosen by a user, and by nobody who runs the site. */
  readonly isGuarded: boolean;
}

/** Clients by the prints of what they are made from; their connections serve the next page of a listing. */
export type Clients = Leases<S3Client>;

export function newClients(idle?: number): Clients {
  return new Leases((client) => client.destroy(), idle);
}

/** The same for the same settings; tells nothing of them. */
export function fingerprintOf(settings: ClientSettings): string {
  const { endpoint, region, pathStyle, ca, keys, isGuarded } = settings;
  const all = [
    endpoint,
    region,
    pathStyle,
    ca,
    keys?.accessKeyId,
    keys?.secretAccessKey,
    keys?.sessionToken,
    isGuarded,
  ];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
