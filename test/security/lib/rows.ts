import { join } from 'node:path';
import { Client } from 'pg';

/** The platform's own database, seen from outside: what a refused request must leave as it was. */
export class Rows implements AsyncDisposable {
  readonly #client: Client;
  readonly #tables: readonly string[];

  private constructor(client: Client, tables: readonly string[]) {
    this.#client = client;
    this.#tables = tables;
  }

  static async open(dataDir: string): Promise<Rows> {
    const client = new Client({ host: join(dataDir, 'postgres/run'), port: 5432, user: 'stele', database: 'stele' });
    // The platform stops its database when it ends.
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ tablename: string }>(
      `select tablename from pg_tables where schemaname = 'public' order by 1`,
    );
    return new Rows(
      client,
      rows.map(({ tablename }) => tablename),
    );
  }

  get tables(): readonly string[] {
    return this.#tables;
  }

  /** How many rows each table has, and a digest of what is in them; times of use and of health are left out. */
  async state(): Promise<Record<string, string>> {
    const state: Record<string, string> = {};
    for (const table of this.#tables) {
      const sql = `select count(*) || ' rows, ' || coalesce(md5(string_agg(row, '|' order by row)), 'none') as state
        from (select (to_jsonb(t) - array['last_used_at', 'updated_at', 'health_since', 'health_state', 'health_reason'])::text as row
          from "${table}" t) rows`;
      state[table] = (await this.#client.query<{ state: string }>(sql)).rows[0]?.state ?? '';
    }
    return state;
  }

  /** Every row as text. */
  async text(): Promise<string> {
    const parts: string[] = [];
    for (const table of this.#tables) {
      const { rows } = await this.#client.query<{ row: string }>(`select to_jsonb(t)::text as row from "${table}" t`);
      parts.push(...rows.map(({ row }) => `${table}: ${row}`));
    }
    return parts.join('\n');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client.end();
  }
}
