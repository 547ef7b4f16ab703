import { Migrator } from '@mikro-orm/migrations';
import { defineConfig, MikroORM } from '@mikro-orm/postgresql';
import type { PoolConfig } from 'pg';
import type { Logger } from '@stele/sdk';
import type { DatabaseAddress } from '../postgres/index.ts';
import { CodedDriver, refuseNul } from './driver.ts';
import { entities } from './entities/index.ts';
import { migrations } from './migrations/index.ts';
import { returnDeadClients } from './pool.ts';

/** A query that takes longer than this is a fault, and must not hold a request for ever. */
const queryLimit = 60_000;

/** Between two statements of a transaction: a process that stands still, or whose host has lost its power, keeps its locks from others. */
const silenceLimit = 5_000;

/** MikroORM on one database. Nothing is connected yet. */
export function makeOrm(address: DatabaseAddress, log: Logger): MikroORM {
  return new MikroORM(
    defineConfig({
      driver: CodedDriver,
      dbName: address.database,
      entities,
      extensions: [Migrator],
      driverOptions: { ...poolOf(address), onPoolCreated: returnDeadClients },
      onQuery: refuseNul,
      forceUndefined: true,
      ensureDatabase: false,
      colors: false,
      discovery: { warnWhenNoEntities: false },
      logger: (message) => log.debug(message),
      // No snapshot and no folder: the list in the code is all there is, and a start writes no file.
      migrations: { snapshot: false, migrationsList: migrations, tableName: 'stele_migrations', allOrNothing: true },
      schemaGenerator: { skipTables: ['stele_migrations'] },
    }),
  );
}

function poolOf(address: DatabaseAddress): PoolConfig {
  return {
    ...address,
    max: 20,
    connectionTimeoutMillis: 3_000,
    idleTimeoutMillis: 30_000,
    query_timeout: queryLimit,
    statement_timeout: queryLimit,
    idle_in_transaction_session_timeout: silenceLimit,
    keepAlive: true,
    application_name: 'stele',
  };
}
