import { parse } from 'pg-connection-string';
import type { ClientConfig } from 'pg';
import { databaseUrlInvalid } from './errors.ts';

/** How a client reaches one database. */
export type DatabaseAddress = Pick<ClientConfig, 'host' | 'port' | 'user' | 'password' | 'ssl'> & {
  readonly database: string;
};

/**
 * Reads a `postgres://` URL, TLS parameters included. A server behind a Unix socket:
 * `postgres:///stele?host=/run/postgresql&user=stele`.
 */
export function parseAddress(url: string): DatabaseAddress {
  if (!/^postgres(ql)?:\/\//.test(url)) throw databaseUrlInvalid();
  const { host, port, user, password, database, ssl } = parsed(url);
  if (!database) throw databaseUrlInvalid();
  return {
    database,
    host: host ?? 'localhost',
    port: port ? Number(port) : 5432,
    ...(user && { user }),
    ...(password && { password }),
    ...(ssl !== undefined && { ssl: ssl as ClientConfig['ssl'] }),
  };
}

function parsed(url: string): ReturnType<typeof parse> {
  try {
    return parse(url, { useLibpqCompat: true });
  } catch (error) {
    throw databaseUrlInvalid(error);
  }
}
