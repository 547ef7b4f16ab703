import { Migration } from '@mikro-orm/migrations';

export class RemoteAccounts extends Migration {
  override up(): void {
    for (const statement of sql.split(/;\n/)) if (statement.trim()) this.addSql(statement);
  }
}

const sql = `create table "key_pairs" (
  "id" uuid not null,
  "user_id" uuid null,
  "slot" text not null default 'current',
  "name" varchar(300) not null,
  "public_key" varchar(200) not null,
  "private_key" text not null,
  "certificate" text null,
  "created_at" timestamptz not null,
  "rotated_at" timestamptz null,
  primary key ("id")
);
alter table "key_pairs" add constraint "key_pairs_user_id_slot_unique" unique ("user_id", "slot");
alter table "key_pairs" add constraint "key_pairs_slot_check" check ("slot" in ('current', 'previous'));
alter table "key_pairs" add constraint "key_pairs_user_id_foreign"
  foreign key ("user_id") references "users" ("id") on delete cascade;

create table "accounts" (
  "user_id" uuid not null,
  "computing_id" uuid not null,
  "username" varchar(32) null,
  "checked_at" timestamptz null,
  "problem" text null,
  "problem_code" varchar(32) null,
  "problem_field" varchar(200) null,
  primary key ("user_id", "computing_id")
);
create index "accounts_computing_id_index" on "accounts" ("computing_id");
alter table "accounts" add constraint "accounts_user_id_foreign"
  foreign key ("user_id") references "users" ("id") on update cascade on delete cascade;
alter table "accounts" add constraint "accounts_computing_id_foreign"
  foreign key ("computing_id") references "computing" ("id") on update cascade on delete cascade;
`;
