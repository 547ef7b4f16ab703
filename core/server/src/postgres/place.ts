import type { Logger } from '@stele/sdk';
import { type DatabaseAddress, parseAddress } from './address.ts';
import { DataDirLock, databaseName, EmbeddedCluster, ensureDatabase } from './embedded/index.ts';

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

/**
 * Where the database is: the data folder, locked, and a server. Of itself this loads nothing of the ORM, so that an
 * embedded PostgreSQL can start while that is loaded.
 */
export class DatabasePlace implements AsyncDisposable {
  readonly #server: DatabaseAddress | EmbeddedCluster;
  readonly #owned: AsyncDisposableStack;

  private constructor(server: DatabaseAddress | EmbeddedCluster, owned: AsyncDisposableStack) {
    this.#server = server;
    this.#owned = owned;
  }

  /** Locks the data folder, and starts PostgreSQL if it is the embedded one: a site's own server is not asked anything yet. */
  static async take(options: DatabaseOptions): Promise<DatabasePlace> {
    await using owned = new AsyncDisposableStack();
    const { dataDir } = owned.use(await DataDirLock.take(options.dataDir));
    const isEmbedded = options.url === 'embedded';
    const server = isEmbedded
      ? owned.use(await EmbeddedCluster.begin({ ...options, dataDir }))
      : parseAddress(options.url);
    return new DatabasePlace(server, owned.move());
  }

  /** How the ORM gets there; the embedded PostgreSQL answers by then, and has the database. */
  async address(): Promise<DatabaseAddress> {
    const server = this.#server;
    if (!(server instanceof EmbeddedCluster)) return server;
    await server.ready();
    await ensureDatabase(server.address('postgres'), databaseName);
    return server.address(databaseName);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#owned.disposeAsync();
  }
}
