import type { EntityManager } from '@mikro-orm/postgresql';
import { type Database, type Task } from '../model/index.ts';
import { randomUUID } from 'node:crypto';

/** An e-mail that is to be sent, with what it is about as that is now. */
export interface Due {
  readonly id: string;
  readonly attempts: number;
  readonly email: string;
  readonly user: string;
  readonly locale: string;
  readonly timezone: string;
  readonly key: string;
  readonly task: string;
  readonly software: string;
  readonly computing: string;
  readonly started_at: string;
  readonly has_ended: boolean;
}

/** Milliseconds for which a letter is nobody else's once it was taken; more than sending one can take. */
const handling = 600_000;

/** Within the transaction that saw the start: once for each task, whoever sees it and however often it starts again. */
export async function noteStart(em: EntityManager, task: Task): Promise<boolean> {
  const sql = `insert into notices (id, user_id, task_id, kind, created_at, mail, mail_due_at)
    values (?, ?, ?, 'started', now(), ?, now()) on conflict (task_id, kind) do nothing returning id`;
  const mail = task.mailAtStart ? 'waiting' : 'none';
  const rows = await em.execute<unknown[]>(sql, [randomUUID(), task.owner.id, task.id, mail]);
  return rows.length > 0;
}

/** E-mails that wait, in the database: taken by one replica at a time, and by the next when that one dies. */
export class Outbox {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The next that is due, which nobody else gets for some time. */
  async take(): Promise<Due | undefined> {
    const sql = `with taken as (
        update notices set mail_attempts = mail_attempts + 1, mail_due_at = clock_timestamp() + interval '${handling} milliseconds'
        where id = (select w.id from notices w join users u on u.id = w.user_id join tasks t on t.id = w.task_id
          where w.mail = 'waiting' and w.mail_due_at <= clock_timestamp()
            and u.disabled_at is null and t.delete_requested_at is null
          order by w.mail_due_at limit 1 for update of w skip locked)
        returning id, user_id, task_id, created_at, mail_attempts)
      select n.id, n.mail_attempts as attempts, u.email, u.name as user, u.locale, u.timezone, t.key, t.name as task,
        t.software_name as software, t.computing_name as computing, coalesce(t.started_at, n.created_at) as started_at,
        t.phase = 'ended' as has_ended
      from taken n join users u on u.id = n.user_id join tasks t on t.id = n.task_id`;
    const [due] = await this.#run<Due>(sql, []);
    return due;
  }

  async sent({ id }: Due): Promise<void> {
    await this.#run(`update notices set mail = 'sent', mail_problem = null where id = ?`, [id]);
  }

  /** To be tried again after a while. */
  async putOff({ id }: Due, milliseconds: number, problem: string): Promise<void> {
    const due = `clock_timestamp() + ? * interval '1 millisecond'`;
    await this.#run(`update notices set mail_due_at = ${due}, mail_problem = ? where id = ?`, [
      milliseconds,
      problem,
      id,
    ]);
  }

  async giveUp({ id }: Due, problem: string): Promise<void> {
    await this.#run(`update notices set mail = 'failed', mail_problem = ? where id = ?`, [problem, id]);
  }

  #run<Row = unknown>(sql: string, params: readonly unknown[]): Promise<Row[]> {
    return this.#database.orm.em.getConnection().execute<Row[]>(sql, params as unknown[]);
  }
}
