import { Migration } from '@mikro-orm/migrations';

export class Replicas extends Migration {
  override up(): void {
    for (const statement of sql.split(/;\n/)) if (statement.trim()) this.addSql(statement);
  }
}

const sql = `create table "leases" (
  "computing_id" uuid not null,
  "holder" uuid not null,
  "tenure" uuid not null,
  "expires_at" timestamptz not null,
  primary key ("computing_id")
);
alter table "leases" add constraint "leases_tenure_unique" unique ("tenure");
alter table "leases" add constraint "leases_computing_id_foreign"
  foreign key ("computing_id") references "computing" ("id") on update cascade on delete cascade;

create table "tickets" (
  "hash" varchar(64) not null,
  "task" character(16) not null,
  "user_id" uuid not null,
  "session_id" uuid not null,
  "path" text not null,
  "expires_at" timestamptz not null,
  primary key ("hash")
);
create index "tickets_session_id_index" on "tickets" ("session_id");
create index "tickets_expires_at_index" on "tickets" ("expires_at");
alter table "tickets" add constraint "tickets_user_id_foreign"
  foreign key ("user_id") references "users" ("id") on delete cascade;
alter table "tickets" add constraint "tickets_session_id_foreign"
  foreign key ("session_id") references "sessions" ("id") on delete cascade;

alter table "computing" add column "health_code" varchar(32) null;
alter table "storages" add column "health_code" varchar(32) null;

create index "tasks_unsettled_index" on "tasks" ("computing_id") where cleaned_at is null;
`;
