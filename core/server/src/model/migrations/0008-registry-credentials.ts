import { Migration } from '@mikro-orm/migrations';

/** The table of credentials that was foreseen at first, and that nothing has ever written to, gives way to the one that is used. */
export class RegistryCredentials extends Migration {
  override up(): void {
    for (const statement of sql.split(/;\n/)) if (statement.trim()) this.addSql(statement);
  }
}

const sql = `alter table "software" drop column "credential_id";
drop table "credentials";

create table "registry_credentials" (
  "id" uuid not null,
  "owner_kind" text not null,
  "owner_user_id" uuid null,
  "owner_group_id" uuid null,
  "registry" varchar(255) not null,
  "username" varchar(255) not null,
  "password" text not null,
  "shared" boolean not null default false,
  "created_at" timestamptz not null,
  "updated_at" timestamptz not null,
  primary key ("id")
);
create index "registry_credentials_owner_user_id_index" on "registry_credentials" ("owner_user_id");
create index "registry_credentials_owner_group_id_index" on "registry_credentials" ("owner_group_id");
alter table "registry_credentials" add constraint "registry_credentials_owner_user_id_registry_unique"
  unique ("owner_user_id", "registry");
alter table "registry_credentials" add constraint "registry_credentials_owner_group_id_registry_unique"
  unique ("owner_group_id", "registry");
create unique index "registry_credentials_platform_unique" on "registry_credentials" ("registry")
  where owner_kind = 'platform';
alter table "registry_credentials" add constraint "registry_credentials_owner_check"
  check ((owner_kind = 'user') = (owner_user_id is not null) and (owner_kind = 'group') = (owner_group_id is not null));
alter table "registry_credentials" add constraint "registry_credentials_shared_check"
  check (not shared or owner_kind <> 'user');
alter table "registry_credentials" add constraint "registry_credentials_owner_kind_check"
  check ("owner_kind" in ('platform', 'user', 'group'));
alter table "registry_credentials" add constraint "registry_credentials_owner_user_id_foreign"
  foreign key ("owner_user_id") references "users" ("id") on delete restrict;
alter table "registry_credentials" add constraint "registry_credentials_owner_group_id_foreign"
  foreign key ("owner_group_id") references "groups" ("id") on delete restrict;
`;
