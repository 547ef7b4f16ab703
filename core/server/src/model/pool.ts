import type { Pool, PoolClient } from 'pg';

/**
 * Gives back what Kysely 0.29 keeps: when the server goes away within a transaction, its commit and its rollback both
 * fail, and the dead client stays checked out for ever. Twenty of those, and the pool is empty although the server is back.
 */
export function returnDeadClients(pool: Pool): void {
  const out = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => out.add(client));
  pool.on('release', (_error, client) => out.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!out.has(client)) return;
      client.release(true);
      // Where Kysely does give it back, it comes after us, and the pool throws at a second time.
      client.release = () => undefined;
    });
  });
}
