import { RateLimiterPostgres } from 'rate-limiter-flexible';
import type { Database } from '../model/index.ts';
import type { MakeCounter } from './login-limit.ts';

const tableName = 'login_attempts';

/** Counts in the database: who guesses at several replicas has no more attempts than at one. */
export function sharedCounters(database: Database): MakeCounter {
  const storeClient = clientOf(database);
  const store = {
    storeClient,
    storeType: 'pool',
    tableName,
    tableCreated: true,
    clearExpiredByTimeout: false,
  } as const;
  return (options) => new RateLimiterPostgres({ ...options, ...store });
}

/** Forgets counts whose time is over. */
export async function sweepCounters(database: Database, now: number): Promise<void> {
  await run(database, `delete from ${tableName} where expire <= ?`, [now]);
}

interface Question {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/** Our own connections, as `pg` would answer. It numbers parameters, and they may occur twice. */
function clientOf(database: Database) {
  return {
    async query({ text, values = [] }: Question) {
      const used: unknown[] = [];
      const sql = text.replace(/\$(\d+)/g, (_, number: string) => {
        used.push(values[Number(number) - 1]);
        return '?';
      });
      const rows = await run(database, sql, used);
      return { rows, rowCount: rows.length };
    },
  };
}

function run(database: Database, sql: string, params: unknown[]): Promise<unknown[]> {
  return database.orm.em.getConnection().execute<unknown[]>(sql, params);
}
