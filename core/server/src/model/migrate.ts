import type { MikroORM } from '@mikro-orm/postgresql';
import { Client } from 'pg';
import { type DatabaseAddress, parseAddress } from '../postgres/index.ts';
import { advisoryLocks } from './advisory-locks.ts';
import { databaseRefused, databaseTooOld, databaseUnreachable } from './errors.ts';
import { isUnreachable, translate } from './unreachable.ts';

const oldestServer = 150_000;

/** Checks the server and brings the tables up to date. */
export async function migrate(orm: MikroORM, address: DatabaseAddress): Promise<void> {
  const client = await connect(address);
  try {
    await checkVersion(client);
    // Two platforms that start at once migrate one after the other.
    await client.query('select pg_advisory_lock($1)', [advisoryLocks.migrating]);
    await orm.migrator.up();
  } catch (error) {
    throw translate(error);
  } finally {
    // Ending the connection gives the lock back.
    await client.end();
  }
}

/**
 * Version of a site's own server, when it can be used. Changes nothing there.
 * @throws UNREACHABLE, DENIED, UNSUPPORTED when it is too old, INVALID when the URL is none
 */
export async function checkServer(url: string): Promise<string> {
  const client = await connect(parseAddress(url));
  try {
    return await checkVersion(client);
  } catch (error) {
    throw translate(error);
  } finally {
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

async function checkVersion(client: Client): Promise<string> {
  const { rows } = await client.query<{ number: number; version: string }>(
    `select current_setting('server_version_num')::int as number, current_setting('server_version') as version`,
  );
  const { number = 0, version = '' } = rows[0] ?? {};
  if (number < oldestServer) throw databaseTooOld(version);
  return version;
}
