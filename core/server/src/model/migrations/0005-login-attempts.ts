import { Migration } from '@mikro-orm/migrations';

export class LoginAttempts extends Migration {
  override up(): void {
    for (const statement of sql.split(/;\n/)) if (statement.trim()) this.addSql(statement);
  }
}

/** Columns as rate-limiter-flexible names them; `expire` in milliseconds since the epoch. */
const sql = `create table "login_attempts" (
  "key" varchar(255) not null,
  "points" integer not null default 0,
  "expire" bigint null,
  primary key ("key")
);
create index "login_attempts_expire_index" on "login_attempts" ("expire");
`;
