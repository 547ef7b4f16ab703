import { Migration } from '@mikro-orm/migrations';

export class Providers extends Migration {
  override up(): void {
    for (const statement of sql.split(/;\n/)) if (statement.trim()) this.addSql(statement);
  }
}

const sql = `alter table "external_identities" add column "issuer" varchar(1000) null;
update "external_identities" set "issuer" = "provider";
alter table "external_identities" alter column "issuer" set not null;
alter table "external_identities" drop constraint "external_identities_provider_subject_unique";
alter table "external_identities" add constraint "external_identities_issuer_subject_unique" unique ("issuer", "subject");

alter table "groups" add column "provider" varchar(64) null;
alter table "groups" add column "external_name" varchar(200) null;
alter table "groups" add constraint "groups_provider_external_name_unique" unique ("provider", "external_name");
alter table "memberships" add column "provider" varchar(64) null;

alter table "users" add column "role_provider" varchar(64) null;
alter table "users" add column "own_role" text null;
alter table "users" add constraint "users_own_role_check" check ("own_role" in ('standard', 'power', 'admin'));

alter table "sessions" add column "provider" varchar(64) null;
alter table "sessions" add column "kept" text null;

create table "browser_states" (
  "hash" varchar(64) not null,
  "browser" varchar(64) not null,
  "session_id" uuid null,
  "value" text not null,
  "expires_at" timestamptz not null,
  primary key ("hash")
);
create index "browser_states_browser_index" on "browser_states" ("browser");
create index "browser_states_session_id_index" on "browser_states" ("session_id");
create index "browser_states_expires_at_index" on "browser_states" ("expires_at");
alter table "browser_states" add constraint "browser_states_session_id_foreign"
  foreign key ("session_id") references "sessions" ("id") on delete cascade;
`;
