import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { type Logger, messageOf, type PluginStore } from '@stele/sdk';
import { type DatabaseAddress, parseAddress } from './address.ts';
import { DataDirLock, databaseName, EmbeddedCluster, ensureDatabase } from './embedded/index.ts';
import { migrate } from './migrate.ts';
import { makeOrm } from './orm.ts';
import { databasePluginStates, type PluginStates } from './plugin-states.ts';
import { databasePluginStore } from './plugin-store.ts';

export interface DatabaseOptions {
  /** `embedded`, or the `postgres://` URL of a site's own server. */
  readonly url: string;
  /** The platform's data folder. Locked while the database is open, whichever database it is. */
  readonly dataDir: string;
  readonly log: Logger;
  /** Settings of the embedded PostgreSQL. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where the embedded database's files go that can't lie below a folder closed to PostgreSQL's user. */
  readonly shelter?: string;
}

/** How the database is right now. */
export type DatabaseHealth = { readonly isUp: true } | { readonly isUp: false; readonly reason: string };

const healthLimit = 2_000;

/** The platform's memory. */
export class Database implements AsyncDisposable {
  readonly orm: MikroORM;
  readonly address: DatabaseAddress;
  readonly #owned: AsyncDisposableStack;

  constructor(orm: MikroORM, address: DatabaseAddress, owned: AsyncDisposableStack) {
    this.orm = orm;
    this.address = address;
    this.#owned = owned;
  }

  /** A fresh unit of work. One per request or job; within a transaction only the one it hands out. */
  em(): EntityManager {
    return this.orm.em.fork();
  }

  /** The store of one plugin. */
  pluginStore(plugin: string): PluginStore {
    return databasePluginStore(this.orm, plugin);
  }

  /** What administrators chose for plugins. */
  pluginStates(): PluginStates {
    return databasePluginStates(this.orm);
  }

  /** Asks the database, for two seconds at most. Never throws. */
  async health(): Promise<DatabaseHealth> {
    const late = Promise.withResolvers<DatabaseHealth>();
    const timer = setTimeout(
      () => late.resolve({ isUp: false, reason: 'The database is slow to answer.' }),
      healthLimit,
    );
    try {
      return await Promise.race([this.#ask(), late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  async #ask(): Promise<DatabaseHealth> {
    try {
      await this.orm.em.getConnection().execute('select 1');
      return { isUp: true };
    } catch (error) {
      return { isUp: false, reason: messageOf(error) };
    }
  }

  /** Ends the connections, the embedded PostgreSQL, and the lock on the data folder. Idempotent. */
  async close(): Promise<void> {
    await this.#owned.disposeAsync();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Opens the database and brings its tables up to date. */
export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  await using owned = new AsyncDisposableStack();
  const lock = owned.use(await DataDirLock.take(options.dataDir));
  const address = await addressOf({ ...options, dataDir: lock.dataDir }, owned);
  const orm = await makeOrm(address, options.log);
  owned.defer(() => orm.close(true));
  await migrate(orm, address);
  return new Database(orm, address, owned.move());
}

async function addressOf(options: DatabaseOptions, owned: AsyncDisposableStack): Promise<DatabaseAddress> {
  if (options.url !== 'embedded') return parseAddress(options.url);
  const cluster = owned.use(await EmbeddedCluster.start(options));
  await ensureDatabase(cluster.address('postgres'), databaseName);
  return cluster.address(databaseName);
}
