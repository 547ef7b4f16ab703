import { Migration } from '@mikro-orm/migrations';

export class Initial extends Migration {
  override up(): void {
    for (const statement of sql.split(/;\n/)) if (statement.trim()) this.addSql(statement);
  }
}

const sql = `create table "groups" (
  "id" uuid not null,
  "name" varchar(200) not null,
  "created_at" timestamptz not null,
  primary key ("id")
);
alter table "groups" add constraint "groups_name_unique" unique ("name");

create table "plugin_data" (
  "plugin" varchar(63) not null,
  "key" varchar(200) not null,
  "value" jsonb not null,
  primary key ("plugin", "key")
);

create table "plugin_states" (
  "id" varchar(63) not null,
  "enabled" boolean not null,
  primary key ("id")
);

create table "users" (
  "id" uuid not null,
  "email" varchar(254) not null,
  "name" varchar(200) not null,
  "username" varchar(32) not null,
  "role" text not null default 'standard',
  "provider" varchar(64) not null,
  "timezone" varchar(64) not null default 'UTC',
  "locale" varchar(16) not null default 'en',
  "created_at" timestamptz not null,
  "disabled_at" timestamptz null,
  primary key ("id")
);
alter table "users" add constraint "users_email_unique" unique ("email");
alter table "users" add constraint "users_username_unique" unique ("username");
alter table "users" add constraint "users_email_check" check (email = lower(email));
alter table "users" add constraint "users_username_check" check (username ~ '^[a-z0-9][a-z0-9_-]{0,31}$');
alter table "users" add constraint "users_role_check" check ("role" in ('standard', 'power', 'admin'));

create table "sessions" (
  "id" uuid not null,
  "hash" varchar(64) not null,
  "user_id" uuid not null,
  "created_at" timestamptz not null,
  "expires_at" timestamptz not null,
  "last_used_at" timestamptz not null,
  "user_agent" varchar(256) null,
  "address" varchar(64) null,
  primary key ("id")
);
alter table "sessions" add constraint "sessions_hash_unique" unique ("hash");
create index "sessions_user_id_index" on "sessions" ("user_id");
create index "sessions_expires_at_index" on "sessions" ("expires_at");

create table "memberships" (
  "group_id" uuid not null,
  "user_id" uuid not null,
  "role" text not null default 'member',
  "created_at" timestamptz not null,
  primary key ("group_id", "user_id")
);
create index "memberships_user_id_index" on "memberships" ("user_id");
alter table "memberships" add constraint "memberships_role_check" check ("role" in ('member', 'manager'));

create table "login_links" (
  "id" uuid not null,
  "hash" varchar(64) not null,
  "user_id" uuid not null,
  "created_at" timestamptz not null,
  "expires_at" timestamptz not null,
  "used_at" timestamptz null,
  primary key ("id")
);
alter table "login_links" add constraint "login_links_hash_unique" unique ("hash");
create index "login_links_user_id_index" on "login_links" ("user_id");
create index "login_links_expires_at_index" on "login_links" ("expires_at");

create table "external_identities" (
  "id" uuid not null,
  "provider" varchar(64) not null,
  "subject" varchar(255) not null,
  "user_id" uuid not null,
  "created_at" timestamptz not null,
  primary key ("id")
);
create index "external_identities_user_id_index" on "external_identities" ("user_id");
alter table "external_identities" add constraint "external_identities_provider_subject_unique" unique ("provider", "subject");

create table "credentials" (
  "id" uuid not null,
  "owner_kind" text not null,
  "owner_user_id" uuid null,
  "owner_group_id" uuid null,
  "name" varchar(200) not null,
  "kind" text not null,
  "host" varchar(255) not null,
  "username" varchar(255) null,
  "secret" text not null,
  "created_at" timestamptz not null,
  "updated_at" timestamptz not null,
  primary key ("id")
);
create index "credentials_owner_user_id_index" on "credentials" ("owner_user_id");
create index "credentials_owner_group_id_index" on "credentials" ("owner_group_id");
alter table "credentials" add constraint "credentials_owner_check"
  check ((owner_kind = 'user') = (owner_user_id is not null) and (owner_kind = 'group') = (owner_group_id is not null));
alter table "credentials" add constraint "credentials_owner_kind_check"
  check ("owner_kind" in ('platform', 'user', 'group'));
alter table "credentials" add constraint "credentials_kind_check" check ("kind" in ('registry', 'api'));

create table "software" (
  "id" uuid not null,
  "owner_kind" text not null,
  "owner_user_id" uuid null,
  "owner_group_id" uuid null,
  "name" varchar(200) not null,
  "description" varchar(2000) not null default '',
  "icon" varchar(64) not null default 'cube',
  "registry" varchar(255) not null default 'docker.io',
  "image" varchar(255) not null,
  "tag" varchar(128) not null default 'latest',
  "digest" varchar(71) null,
  "architecture" varchar(16) null,
  "port" int not null,
  "protocol" varchar(63) not null default 'http',
  "transport" text not null default 'tcp',
  "env" jsonb not null,
  "flags" jsonb not null,
  "credential_id" uuid null,
  "declared_as" varchar(200) null,
  "created_at" timestamptz not null,
  "updated_at" timestamptz not null,
  primary key ("id")
);
create index "software_owner_user_id_index" on "software" ("owner_user_id");
create index "software_owner_group_id_index" on "software" ("owner_group_id");
alter table "software" add constraint "software_declared_as_unique" unique ("declared_as");
alter table "software" add constraint "software_owner_check"
  check ((owner_kind = 'user') = (owner_user_id is not null) and (owner_kind = 'group') = (owner_group_id is not null));
alter table "software" add constraint "software_port_check" check (port >= 1 and port <= 65535);
alter table "software" add constraint "software_owner_kind_check"
  check ("owner_kind" in ('platform', 'user', 'group'));
alter table "software" add constraint "software_transport_check" check ("transport" in ('tcp', 'udp'));

create table "computing" (
  "id" uuid not null,
  "owner_kind" text not null,
  "owner_user_id" uuid null,
  "owner_group_id" uuid null,
  "name" varchar(200) not null,
  "access" varchar(63) not null,
  "auth" varchar(32) not null default 'none',
  "access_conf" jsonb not null,
  "conf" jsonb not null,
  "secrets" text null,
  "health_state" text not null default 'unknown',
  "health_reason" text null,
  "health_since" timestamptz null,
  "declared_as" varchar(200) null,
  "created_at" timestamptz not null,
  "updated_at" timestamptz not null,
  "driver" varchar(63) not null,
  "engines" jsonb not null,
  primary key ("id")
);
create index "computing_owner_user_id_index" on "computing" ("owner_user_id");
create index "computing_owner_group_id_index" on "computing" ("owner_group_id");
alter table "computing" add constraint "computing_declared_as_unique" unique ("declared_as");
alter table "computing" add constraint "computing_owner_check"
  check ((owner_kind = 'user') = (owner_user_id is not null) and (owner_kind = 'group') = (owner_group_id is not null));
alter table "computing" add constraint "computing_owner_kind_check"
  check ("owner_kind" in ('platform', 'user', 'group'));
alter table "computing" add constraint "computing_health_state_check"
  check ("health_state" in ('ok', 'failing', 'unknown'));

create table "tasks" (
  "id" uuid not null,
  "key" char(16) not null,
  "name" varchar(200) not null,
  "owner_id" uuid not null,
  "software_id" uuid null,
  "software_name" varchar(200) not null,
  "computing_id" uuid null,
  "computing_name" varchar(200) not null,
  "launch" jsonb not null,
  "options" jsonb not null,
  "secrets" text null,
  "ref" text null,
  "phase" text not null default 'submitting',
  "outcome" text null,
  "reason" text null,
  "detail" text null,
  "exit_code" int null,
  "ready" boolean not null default false,
  "digest" varchar(71) null,
  "nodes" jsonb null,
  "created_at" timestamptz not null,
  "updated_at" timestamptz not null,
  "submitted_at" timestamptz null,
  "expected_at" timestamptz null,
  "started_at" timestamptz null,
  "ended_at" timestamptz null,
  "stop_requested_at" timestamptz null,
  "delete_requested_at" timestamptz null,
  "cleaned_at" timestamptz null,
  "absent_since" timestamptz null,
  "version" int not null default 1,
  primary key ("id")
);
alter table "tasks" add constraint "tasks_key_unique" unique ("key");
create index "tasks_software_id_index" on "tasks" ("software_id");
create index "tasks_computing_id_phase_index" on "tasks" ("computing_id", "phase");
create index "tasks_owner_id_created_at_index" on "tasks" ("owner_id", "created_at");
alter table "tasks" add constraint "tasks_key_check" check (key ~ '^[a-z0-9]{16}$');
alter table "tasks" add constraint "tasks_ended_check" check ((phase = 'ended') = (outcome is not null));
alter table "tasks" add constraint "tasks_phase_check"
  check ("phase" in ('submitting', 'queued', 'starting', 'running', 'stopping', 'held', 'suspended', 'unknown', 'ended'));
alter table "tasks" add constraint "tasks_outcome_check"
  check ("outcome" in ('completed', 'failed', 'cancelled', 'timed-out', 'out-of-memory', 'node-failed', 'preempted', 'rejected', 'lost'));

create table "storages" (
  "id" uuid not null,
  "owner_kind" text not null,
  "owner_user_id" uuid null,
  "owner_group_id" uuid null,
  "name" varchar(200) not null,
  "access" varchar(63) not null,
  "auth" varchar(32) not null default 'none',
  "access_conf" jsonb not null,
  "conf" jsonb not null,
  "secrets" text null,
  "health_state" text not null default 'unknown',
  "health_reason" text null,
  "health_since" timestamptz null,
  "declared_as" varchar(200) null,
  "created_at" timestamptz not null,
  "updated_at" timestamptz not null,
  "backend" varchar(63) not null,
  "computing_id" uuid null,
  "read_only" boolean not null default false,
  "browsable" boolean not null default true,
  primary key ("id")
);
create index "storages_owner_user_id_index" on "storages" ("owner_user_id");
create index "storages_owner_group_id_index" on "storages" ("owner_group_id");
alter table "storages" add constraint "storages_declared_as_unique" unique ("declared_as");
create index "storages_computing_id_index" on "storages" ("computing_id");
alter table "storages" add constraint "storages_owner_check"
  check ((owner_kind = 'user') = (owner_user_id is not null) and (owner_kind = 'group') = (owner_group_id is not null));
alter table "storages" add constraint "storages_owner_kind_check"
  check ("owner_kind" in ('platform', 'user', 'group'));
alter table "storages" add constraint "storages_health_state_check"
  check ("health_state" in ('ok', 'failing', 'unknown'));

create table "audit_entries" (
  "id" uuid not null,
  "at" timestamptz not null,
  "actor_id" uuid null,
  "action" varchar(64) not null,
  "object_kind" varchar(32) null,
  "object_id" varchar(64) null,
  "address" varchar(64) null,
  "detail" jsonb not null,
  primary key ("id")
);
create index "audit_entries_at_index" on "audit_entries" ("at");
create index "audit_entries_actor_id_at_index" on "audit_entries" ("actor_id", "at");

create table "api_tokens" (
  "id" uuid not null,
  "hash" varchar(64) not null,
  "prefix" varchar(16) not null,
  "name" varchar(200) not null,
  "scope" text not null default 'read',
  "user_id" uuid not null,
  "created_at" timestamptz not null,
  "expires_at" timestamptz not null,
  "last_used_at" timestamptz null,
  "revoked_at" timestamptz null,
  primary key ("id")
);
alter table "api_tokens" add constraint "api_tokens_hash_unique" unique ("hash");
create index "api_tokens_user_id_index" on "api_tokens" ("user_id");
alter table "api_tokens" add constraint "api_tokens_scope_check" check ("scope" in ('read', 'write'));
alter table "sessions" add constraint "sessions_user_id_foreign"
  foreign key ("user_id") references "users" ("id") on delete cascade;
alter table "memberships" add constraint "memberships_group_id_foreign"
  foreign key ("group_id") references "groups" ("id") on update cascade on delete cascade;
alter table "memberships" add constraint "memberships_user_id_foreign"
  foreign key ("user_id") references "users" ("id") on update cascade on delete cascade;
alter table "login_links" add constraint "login_links_user_id_foreign"
  foreign key ("user_id") references "users" ("id") on delete cascade;
alter table "external_identities" add constraint "external_identities_user_id_foreign"
  foreign key ("user_id") references "users" ("id") on delete cascade;
alter table "credentials" add constraint "credentials_owner_user_id_foreign"
  foreign key ("owner_user_id") references "users" ("id") on delete restrict;
alter table "credentials" add constraint "credentials_owner_group_id_foreign"
  foreign key ("owner_group_id") references "groups" ("id") on delete restrict;
alter table "software" add constraint "software_owner_user_id_foreign"
  foreign key ("owner_user_id") references "users" ("id") on delete restrict;
alter table "software" add constraint "software_owner_group_id_foreign"
  foreign key ("owner_group_id") references "groups" ("id") on delete restrict;
alter table "software" add constraint "software_credential_id_foreign"
  foreign key ("credential_id") references "credentials" ("id") on delete set null;
alter table "computing" add constraint "computing_owner_user_id_foreign"
  foreign key ("owner_user_id") references "users" ("id") on delete restrict;
alter table "computing" add constraint "computing_owner_group_id_foreign"
  foreign key ("owner_group_id") references "groups" ("id") on delete restrict;
alter table "tasks" add constraint "tasks_owner_id_foreign"
  foreign key ("owner_id") references "users" ("id") on delete restrict;
alter table "tasks" add constraint "tasks_software_id_foreign"
  foreign key ("software_id") references "software" ("id") on delete set null;
alter table "tasks" add constraint "tasks_computing_id_foreign"
  foreign key ("computing_id") references "computing" ("id") on delete set null;
alter table "storages" add constraint "storages_owner_user_id_foreign"
  foreign key ("owner_user_id") references "users" ("id") on delete restrict;
alter table "storages" add constraint "storages_owner_group_id_foreign"
  foreign key ("owner_group_id") references "groups" ("id") on delete restrict;
alter table "storages" add constraint "storages_computing_id_foreign"
  foreign key ("computing_id") references "computing" ("id") on delete set null;
alter table "audit_entries" add constraint "audit_entries_actor_id_foreign"
  foreign key ("actor_id") references "users" ("id") on delete set null;
alter table "api_tokens" add constraint "api_tokens_user_id_foreign"
  foreign key ("user_id") references "users" ("id") on delete cascade;
`;
