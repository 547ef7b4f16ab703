import { createHash, randomBytes } from 'node:crypto';
import type { TicketLedger, Visit } from '../gateway/index.ts';
import type { Database } from '../model/index.ts';

const hashOf = (name: string): string => createHash('sha256').update(name).digest('hex');

interface Row {
  readonly task: string;
  readonly user_id: string;
  readonly session_id: string;
  readonly path: string;
  readonly is_good: boolean;
}

/** Tickets in the database: issued by one replica, redeemed by whichever the browser is led to. Only hashes are stored. */
export class SharedTickets implements TicketLedger {
  readonly #database: Database;
  readonly #life: number;
  readonly #perSession: number;

  /** @param life milliseconds */
  constructor(database: Database, life = 30_000, perSession = 32) {
    this.#database = database;
    this.#life = life;
    this.#perSession = perSession;
  }

  async issue({ task, user, session, path }: Visit): Promise<string> {
    await this.#makeRoom(session);
    const name = randomBytes(32).toString('base64url');
    const sql = `insert into tickets (hash, task, user_id, session_id, path, expires_at)
      values (?, ?, ?, ?, ?, clock_timestamp() + interval '${this.#life} milliseconds')`;
    await this.#run(sql, [hashOf(name), task, user, session, path]);
    return name;
  }

  /** Used up by being shown, also at the wrong door. */
  async redeem(name: string, task: string): Promise<Visit | undefined> {
    const sql = `delete from tickets where hash = ?
      returning task, user_id, session_id, path, expires_at > clock_timestamp() as is_good`;
    const [row] = await this.#run<Row>(sql, [hashOf(name)]);
    if (!row?.is_good || row.task !== task) return undefined;
    return { task, user: row.user_id, session: row.session_id, path: row.path };
  }

  /** Drops what is too old, and of a session with many the eldest. */
  async #makeRoom(session: string): Promise<void> {
    const sql = `delete from tickets where expires_at <= clock_timestamp() or hash in (
      select hash from tickets where session_id = ? order by expires_at desc offset ?)`;
    await this.#run(sql, [session, this.#perSession - 1]);
  }

  #run<T = unknown>(sql: string, params: readonly unknown[]): Promise<T[]> {
    return this.#database.orm.em.getConnection().execute<T[]>(sql, params as unknown[]);
  }
}
