import { Client, escapeIdentifier } from 'pg';
import type { DatabaseAddress } from '../address.ts';

/** Makes a database beside the one at `server`, as a copy of `template` if that is given. */
export async function createDatabase(server: DatabaseAddress, name: string, template?: string): Promise<void> {
  const from = template === undefined ? '' : ` template ${escapeIdentifier(template)}`;
  await onServer(server, (client) => client.query(`create database ${escapeIdentifier(name)}${from}`));
}

/** Removes a database, whoever is still connected. Idempotent. */
export async function dropDatabase(server: DatabaseAddress, name: string): Promise<void> {
  await onServer(server, (client) => client.query(`drop database if exists ${escapeIdentifier(name)} with (force)`));
}

/** Makes the database where it is missing. */
export async function ensureDatabase(server: DatabaseAddress, name: string): Promise<void> {
  const isThere = await onServer(server, async (client) => {
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [name]);
    return rowCount === 1;
  });
  if (!isThere) await createDatabase(server, name);
}

async function onServer<T>(server: DatabaseAddress, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client(server);
  client.on('error', () => undefined); // The query in flight reports it.
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
