import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import { type Logger, messageOf, type PluginStore } from '@stele/sdk';
import { type DatabaseAddress, type DatabaseOptions, DatabasePlace } from '../postgres/index.ts';
import { migrate } from './migrate.ts';
import { makeOrm } from './orm.ts';
import { databasePluginStates, type PluginStates } from './plugin-states.ts';
import { databasePluginStore } from './plugin-store.ts';

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
  return openDatabaseAt(await DatabasePlace.take(options), options.log);
}

/** As {@link openDatabase}, where the place was taken before. It goes with the database, and at once when that fails. */
export async function openDatabaseAt(place: DatabasePlace, log: Logger): Promise<Database> {
  await using owned = new AsyncDisposableStack();
  owned.use(place);
  const address = await place.address();
  const orm = makeOrm(address, log);
  owned.defer(() => orm.close(true));
  await migrate(orm, address);
  return new Database(orm, address, owned.move());
}
