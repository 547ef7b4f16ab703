import { Migration } from '@mikro-orm/migrations';

export class Notices extends Migration {
  override up(): void {
    for (const statement of sql.split(/;\n/)) if (statement.trim()) this.addSql(statement);
  }
}

const sql = `alter table "tasks" add column "mail_at_start" boolean not null default false;
alter table "tasks" add column "queued_at" timestamptz null;

create table "notices" (
  "id" uuid not null,
  "user_id" uuid not null,
  "task_id" uuid not null,
  "kind" text not null,
  "created_at" timestamptz not null,
  "seen_at" timestamptz null,
  "mail" text not null default 'none',
  "mail_due_at" timestamptz null,
  "mail_attempts" int not null default 0,
  "mail_problem" text null,
  primary key ("id")
);
alter table "notices" add constraint "notices_task_id_kind_unique" unique ("task_id", "kind");
create index "notices_user_id_index" on "notices" ("user_id");
create index "notices_due_index" on "notices" ("mail_due_at") where mail = 'waiting';
alter table "notices" add constraint "notices_kind_check" check ("kind" in ('started'));
alter table "notices" add constraint "notices_mail_check" check ("mail" in ('none', 'waiting', 'sent', 'failed'));
alter table "notices" add constraint "notices_user_id_foreign"
  foreign key ("user_id") references "users" ("id") on delete cascade;
alter table "notices" add constraint "notices_task_id_foreign"
  foreign key ("task_id") references "tasks" ("id") on delete cascade;
`;
