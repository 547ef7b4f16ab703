import type { JsonObject } from '@stele/sdk';
import type { Database, SecretBox } from '../model/index.ts';
import { tooManyBegun } from './errors.ts';
import { hashOf } from './secret.ts';

/** How long a browser may take to come back. Milliseconds. */
const validFor = 10 * 60_000;

/** Tabs of one browser that are away at once; of more the eldest is forgotten. */
const perBrowser = 8;

/** Anybody may begin a log-in, so there is an end to what is kept. */
const mostKept = 20_000;

/** What a browser came back for. */
export interface KeptState {
  readonly value: JsonObject;
  /** The session that it was begun in. */
  readonly session?: string;
}

interface Row {
  readonly hash: string;
  readonly value: string;
  readonly session_id: string | null;
  readonly expires_at: Date;
}

/**
 * What a browser comes back for: in the database, so that it may come back to another replica; bound to the browser by a
 * secret of its cookie, for minutes, and good once.
 */
export class BrowserStates {
  readonly #database: Database;
  readonly #secrets: SecretBox;
  readonly #now: () => number;

  constructor(database: Database, secrets: SecretBox, now: () => number = Date.now) {
    this.#database = database;
    this.#secrets = secrets;
    this.#now = now;
  }

  /**
   * Keeps a value until the browser comes back with `reference`.
   * @param browser the browser's secret
   */
  async keep(browser: string, reference: string, value: JsonObject, session?: string): Promise<void> {
    await this.#makeRoom(hashOf(browser));
    const hash = placeOf(browser, reference);
    const sealed = this.#secrets.seal(JSON.stringify(value), purposeOf(hash));
    const sql = `insert into browser_states (hash, browser, session_id, value, expires_at)
      select ?, ?, ?, ?, ? where (select count(*) from browser_states) < ${mostKept}
      on conflict (hash) do update set value = excluded.value, session_id = excluded.session_id, expires_at = excluded.expires_at
      returning hash`;
    const expires = new Date(this.#now() + validFor);
    const rows = await this.#run(sql, [hash, hashOf(browser), session ?? null, sealed, expires]);
    if (rows.length === 0) throw tooManyBegun();
  }

  /** Takes what is kept under the first of `references` that there is: of two who come at once, one gets it. */
  async take(browser: string, references: readonly string[]): Promise<KeptState | undefined> {
    const hashes = references.map((reference) => placeOf(browser, reference));
    // A browser without a secret is no browser: what anybody keeps under none is everybody's.
    if (hashes.length === 0 || browser === '') return undefined;
    const sql = `delete from browser_states where hash in (${hashes.map(() => '?').join(', ')})
      returning hash, value, session_id, expires_at`;
    const [row] = await this.#run<Row>(sql, hashes);
    if (!row || new Date(row.expires_at).getTime() <= this.#now()) return undefined;
    const value = JSON.parse(this.#secrets.open(row.value, purposeOf(row.hash))) as JsonObject;
    return { value, ...(row.session_id === null ? {} : { session: row.session_id }) };
  }

  /** Forgets what has expired. */
  async sweep(): Promise<void> {
    await this.#run('delete from browser_states where expires_at <= ?', [new Date(this.#now())]);
  }

  async #makeRoom(browser: string): Promise<void> {
    const sql = `delete from browser_states where expires_at <= ? or hash in (
      select hash from browser_states where browser = ? order by expires_at desc offset ${perBrowser - 1})`;
    await this.#run(sql, [new Date(this.#now()), browser]);
  }

  #run<R>(sql: string, params: readonly unknown[]): Promise<R[]> {
    return this.#database.orm.em.getConnection().execute<R[]>(sql, params as unknown[]);
  }
}

/** Both are needed to find it: who knows what comes back, but has another browser, finds nothing. */
const placeOf = (browser: string, reference: string): string => hashOf(`${hashOf(browser)}:${reference}`);

const purposeOf = (hash: string): string => `browser-state:${hash}`;
