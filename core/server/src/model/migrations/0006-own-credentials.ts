import { Migration } from '@mikro-orm/migrations';

export class OwnCredentials extends Migration {
  override up(): void {
    for (const statement of sql.split(/;\n/)) if (statement.trim()) this.addSql(statement);
  }
}

const sql = `create table "own_credentials" (
  "id" uuid not null,
  "user_id" uuid not null,
  "computing_id" uuid null,
  "storage_id" uuid null,
  "secrets" text not null,
  "address" text not null,
  "updated_at" timestamptz not null,
  primary key ("id")
);
create index "own_credentials_computing_id_index" on "own_credentials" ("computing_id");
create index "own_credentials_storage_id_index" on "own_credentials" ("storage_id");
alter table "own_credentials" add constraint "own_credentials_user_id_computing_id_unique" unique ("user_id", "computing_id");
alter table "own_credentials" add constraint "own_credentials_user_id_storage_id_unique" unique ("user_id", "storage_id");
alter table "own_credentials" add constraint "own_credentials_resource_check"
  check ((computing_id is null) <> (storage_id is null));
alter table "own_credentials" add constraint "own_credentials_user_id_foreign"
  foreign key ("user_id") references "users" ("id") on delete cascade;
alter table "own_credentials" add constraint "own_credentials_computing_id_foreign"
  foreign key ("computing_id") references "computing" ("id") on delete cascade;
alter table "own_credentials" add constraint "own_credentials_storage_id_foreign"
  foreign key ("storage_id") references "storages" ("id") on delete cascade;
`;
