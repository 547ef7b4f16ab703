import type { MikroORM } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import type { DatabaseAddress } from './address.ts';
import { databaseRefused, databaseTooOld, databaseUnreachable } from './errors.ts';
import { isUnreachable, translate } from './unreachable.ts';

/** Any number that nobody else takes on this database: two platforms that start at once migrate one after the other. */
const migrationLock = 7_357_001;

const oldestServer = 150_000;

/** Checks the server and brings the tables up to date. */
export async function migrate(orm: MikroORM, address: DatabaseAddress): Promise<void> {
  const client = await connect(address);
  try {
    await checkVersion(client);
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    await orm.migrator.up();
  } catch (error) {
    throw translate(error);
  } finally {
    // Ending the connection gives the lock back.
    await client.end();
  }
}

async function connect(address: DatabaseAddress): Promise<Client> {
  const client = new Client({ ...address, application_name: 'stele migrations', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined); // The query in flight reports it.
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw isUnreachable(error) ? databaseUnreachable(error) : databaseRefused(error);
  }
}

async function checkVersion(client: Client): Promise<void> {
  const { rows } = await client.query<{ number: number; version: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version`,
  );
  const [server] = rows;
  if (server && server.number < oldestServer) throw databaseTooOld(server.version);
}
