import { Migration } from '@mikro-orm/migrations';

export class Callbacks extends Migration {
  override up(): void {
    for (const statement of sql.split(/;\n/)) if (statement.trim()) this.addSql(statement);
  }
}

const sql = `create table "callbacks" (
  "id" uuid not null,
  "plugin" varchar(64) not null,
  "computing_id" uuid not null,
  "task" char(16) not null,
  "networks" jsonb not null,
  "parcel" text null,
  "secret_hash" varchar(64) null,
  "step" int not null default 0,
  "text" text not null default '',
  "is_final" boolean not null default false,
  "heard_at" timestamptz null,
  "created_at" timestamptz not null,
  primary key ("id")
);
alter table "callbacks" add constraint "callbacks_plugin_computing_id_task_unique" unique ("plugin", "computing_id", "task");
alter table "callbacks" add constraint "callbacks_computing_id_foreign"
  foreign key ("computing_id") references "computing" ("id") on delete cascade;
`;
