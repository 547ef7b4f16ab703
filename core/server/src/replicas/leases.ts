import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type Logger, messageOf } from '@stele/sdk';
import type { Database } from '../model/index.ts';
import { type Clocks, Stopwatch, systemClocks } from './stopwatch.ts';
import { type Tenure, tenureOver, type Tenures } from './tenure.ts';

/** How long leases last. Milliseconds. */
export interface LeaseTimes {
  /** By the database's clock, from each renewal on. */
  readonly life: number;
  /** By the holder's own clock, from before it asked for the renewal: earlier than anybody else can think that it is over. */
  readonly use: number;
  /** Between two renewals. */
  readonly renewal: number;
}

export const leaseTimes: LeaseTimes = { life: 8_000, use: 6_000, renewal: 2_000 };

export interface LeasesOptions {
  readonly database: Database;
  readonly log: Logger;
  readonly times?: LeaseTimes;
  readonly clocks?: Clocks;
}

/**
 * Rows in the database, good for some seconds and renewed all the time. A lease needs no connection that stays: who can't
 * renew stops by its own clock, before the database lets anybody else have it.
 */
export class Leases implements Tenures, AsyncDisposable {
  readonly isShared = true;
  readonly #database: Database;
  readonly #log: Logger;
  readonly #times: LeaseTimes;
  readonly #clocks: Clocks;
  readonly #me = randomUUID();
  readonly #held = new Map<string, Lease>();
  readonly #timer: NodeJS.Timeout;
  #renewing: Promise<void> = Promise.resolve();

  constructor({ database, log, times = leaseTimes, clocks = systemClocks }: LeasesOptions) {
    this.#database = database;
    this.#log = log;
    this.#times = times;
    this.#clocks = clocks;
    this.#timer = setInterval(() => void (this.#renewing = this.#renew()), times.renewal);
  }

  async take(computing: string): Promise<Tenure | undefined> {
    const watch = new Stopwatch(this.#clocks);
    const tenure = randomUUID();
    // One's own may be taken again at once: who let it run out has stopped by now.
    const sql = `insert into leases (computing_id, holder, tenure, expires_at) values (?, ?, ?, ${this.#until})
      on conflict (computing_id) do update set holder = excluded.holder, tenure = excluded.tenure,
        expires_at = excluded.expires_at
      where leases.expires_at < clock_timestamp() or leases.holder = excluded.holder
      returning tenure`;
    const rows = await this.#run(sql, [computing, this.#me, tenure]);
    if (rows.length === 0) return undefined;
    const lease = new Lease(computing, tenure, watch, this.#times.use, {
      run: (text, params) => this.#run(text, params),
      onOver: () => this.#held.delete(tenure),
    });
    // The answer took so long that it is over already.
    if (lease.signal.aborted) return undefined;
    this.#held.set(tenure, lease);
    return lease;
  }

  async unattended(): Promise<string[]> {
    const sql = `select distinct t.computing_id as id from tasks t left join leases l on l.computing_id = t.computing_id
      where t.cleaned_at is null and t.computing_id is not null
        and (l.computing_id is null or l.expires_at < clock_timestamp() or l.holder = ?)`;
    const rows = await this.#run<{ id: string }>(sql, [this.#me]);
    const mine = new Set([...this.#held.values()].map(({ computing }) => computing));
    return rows.map(({ id }) => id).filter((id) => !mine.has(id));
  }

  get #until(): string {
    return `clock_timestamp() + interval '${this.#times.life} milliseconds'`;
  }

  /** All that are held, in one statement. One that isn't there any more is over. */
  async #renew(): Promise<void> {
    const held = [...this.#held.keys()];
    if (held.length === 0) return;
    const watch = new Stopwatch(this.#clocks);
    const places = held.map(() => '?').join(', ');
    const sql = `update leases set expires_at = ${this.#until} where tenure in (${places}) returning tenure`;
    try {
      const rows = await this.#run<{ tenure: string }>(sql, held);
      const renewed = new Set(rows.map(({ tenure }) => tenure));
      for (const tenure of held) {
        const lease = this.#held.get(tenure);
        if (renewed.has(tenure)) lease?.renewed(watch);
        else lease?.end();
      }
    } catch (error) {
      this.#log.warn('leases could not be renewed', { count: held.length, error: messageOf(error) });
    }
  }

  #run<Row = unknown>(sql: string, params: readonly unknown[]): Promise<Row[]> {
    return this.#database.orm.em.getConnection().execute<Row[]>(sql, params as unknown[]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer);
    await this.#renewing;
    for (const lease of this.#held.values()) lease.end();
  }
}

interface LeaseParts {
  readonly run: (sql: string, params: readonly unknown[]) => Promise<unknown[]>;
  readonly onOver: () => void;
}

/** One lease of this process. */
class Lease implements Tenure {
  readonly computing: string;
  readonly #tenure: string;
  readonly #use: number;
  readonly #parts: LeaseParts;
  readonly #over = new AbortController();
  #watch: Stopwatch;
  #timer: NodeJS.Timeout | undefined;

  constructor(computing: string, tenure: string, watch: Stopwatch, use: number, parts: LeaseParts) {
    this.computing = computing;
    this.#tenure = tenure;
    this.#use = use;
    this.#parts = parts;
    this.#watch = watch;
    this.renewed(watch);
  }

  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /** An answer that came too late renews nothing. */
  renewed(watch: Stopwatch): void {
    if (!this.#isGood()) return this.end();
    this.#watch = watch;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#check(), Math.max(0, this.#use - watch.elapsed));
  }

  demand(): void {
    if (!this.#isGood()) this.end();
    if (this.#over.signal.aborted) throw tenureOver();
  }

  async hold(em: EntityManager): Promise<void> {
    // Lets renewals pass, which change no key: others who take it, or let it go, wait.
    const sql = 'select 1 from leases where tenure = ? for key share';
    const rows = await em.execute<unknown[]>(sql, [this.#tenure]);
    if (rows.length === 0) this.end();
    if (this.#over.signal.aborted) throw tenureOver();
  }

  async release(): Promise<void> {
    this.end();
    await this.#parts.run('delete from leases where tenure = ?', [this.#tenure]);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#parts.onOver();
    this.#over.abort(tenureOver());
  }

  #isGood(): boolean {
    return this.#watch.elapsed < this.#use;
  }

  #check(): void {
    if (this.#isGood()) this.renewed(this.#watch);
    else this.end();
  }
}
