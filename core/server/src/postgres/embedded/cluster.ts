import { type Logger, messageOf } from '@stele/sdk';
import { pause } from '../../pause.ts';
import type { DatabaseAddress } from '../address.ts';
import { findBinaries, reachableBinaries } from './binaries.ts';
import { prepareHome } from './home.ts';
import { databaseName, ensureCluster } from './initdb.ts';
import { clearOrphans } from './orphans.ts';
import { databaseOwner } from './owner.ts';
import { Postmaster, type PostmasterOptions } from './postmaster.ts';
import { areGone } from './processes.ts';

export interface ClusterOptions {
  /** Absolute path of the platform's data folder, whose lock the caller holds. */
  readonly dataDir: string;
  readonly log: Logger;
  /** More PostgreSQL settings. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where files go that can't lie in a folder closed to PostgreSQL's user. */
  readonly shelter?: string;
}

const firstPause = 100;
const longestPause = 10_000;
/** A run of this length counts as healthy: the next crash is met with a short pause again. */
const healthyRun = 60_000;

/** The embedded database: PostgreSQL as a child that is started again whenever it dies. */
export class EmbeddedCluster implements AsyncDisposable {
  readonly #options: PostmasterOptions;
  readonly #stopping = new AbortController();
  #postmaster: Postmaster;
  #supervision: Promise<void> = Promise.resolve();

  private constructor(options: PostmasterOptions) {
    this.#options = options;
    this.#postmaster = new Postmaster(options);
  }

  /** Starts PostgreSQL and waits until it answers. */
  static async start(options: ClusterOptions): Promise<EmbeddedCluster> {
    const cluster = await EmbeddedCluster.begin(options);
    await cluster.ready();
    return cluster;
  }

  /** Starts PostgreSQL, which goes on by itself while the caller does something else; {@link ready} has to follow. */
  static async begin({
    dataDir,
    log,
    settings = {},
    shelter = '/var/lib/stele',
  }: ClusterOptions): Promise<EmbeddedCluster> {
    const [owner, found] = await Promise.all([databaseOwner(), findBinaries()]);
    const binaries = await reachableBinaries(found, owner, shelter);
    const home = await prepareHome(dataDir, owner, shelter);
    await clearOrphans(home.data, log);
    await ensureCluster(binaries, home.data, owner);
    return new EmbeddedCluster({ binaries, home, owner, settings, log });
  }

  /** Waits until it answers; from then on it is started again whenever it dies. One that never answers is ended. */
  async ready(): Promise<void> {
    await answering(this.#postmaster);
    this.#supervision = this.#supervise(this.#postmaster, Date.now());
  }

  /** How a client reaches one of its databases. */
  address(database: string): DatabaseAddress {
    return { host: this.#options.home.socketDir, port: 5432, user: databaseName, database };
  }

  /** Process number of the PostgreSQL that runs now. */
  get pid(): number | undefined {
    return this.#postmaster.pid;
  }

  /** Ends PostgreSQL and its supervision. Idempotent. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#postmaster.stop();
    await this.#supervision;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #supervise(postmaster: Postmaster, since: number): Promise<void> {
    let wait = firstPause;
    await postmaster.exited;
    while (!this.#stopping.signal.aborted) {
      wait = Date.now() - since > healthyRun ? firstPause : wait;
      this.#options.log.error('The embedded database has ended unexpectedly; starting it again', { pause: wait });
      await pause(wait, this.#stopping.signal);
      wait = Math.min(wait * 2, longestPause);
      since = Date.now();
      await this.#restart();
    }
  }

  /** Until its end; a failed start is an end as well. */
  async #restart(): Promise<void> {
    const { home, log } = this.#options;
    if (this.#stopping.signal.aborted) return;
    try {
      // What a killed postmaster leaves behind ends by itself, and holds shared memory until then.
      if (!(await areGone(home.data, 5_000))) await clearOrphans(home.data, log);
      if (this.#stopping.signal.aborted) return;
      this.#postmaster = new Postmaster(this.#options);
      await answering(this.#postmaster);
      log.info('The embedded database is back', { pid: this.#postmaster.pid });
    } catch (error) {
      log.error('The embedded database could not be started', { error, reason: messageOf(error) });
    }
    await this.#postmaster.exited;
  }
}

async function answering(postmaster: Postmaster): Promise<void> {
  try {
    await postmaster.ready();
  } catch (error) {
    await postmaster.stop();
    throw error;
  }
}
