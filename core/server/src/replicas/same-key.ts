import { SteleError } from '@stele/sdk';
import type { ClientBase } from 'pg';
import { advisoryLocks, type SecretBox } from '../model/index.ts';

/** A number of 31 bits that stands for a secret key and tells nothing of it. */
export function fingerprintOf(secrets: SecretBox): number {
  return secrets.derive('replicas').readUInt32BE(0) >>> 1;
}

/**
 * Holds, for as long as the connection lives, a lock that everybody with the same secret key shares, and looks whether one
 * of another key is held: cookies, tickets and sealed rows of the one would be gibberish to the other.
 * @throws CONFLICT (field `secretKey`)
 */
export async function demandSameKey(client: ClientBase, fingerprint: number): Promise<void> {
  await client.query('select pg_advisory_lock_shared($1, $2)', [advisoryLocks.sameSecretKey, fingerprint]);
  const others = `select 1 from pg_locks where locktype = 'advisory' and granted and classid = $1 and objid <> $2
    and database = (select oid from pg_database where datname = current_database()) limit 1`;
  const { rows } = await client.query(others, [advisoryLocks.sameSecretKey, fingerprint]);
  if (rows.length > 0) throw otherKey();
}

const otherKey = (): SteleError =>
  new SteleError(
    'CONFLICT',
    'Another Stele on this database has another secret key. Give each of them the same STELE_SECRET_KEY.',
    { field: 'secretKey' },
  );
