import { Migration } from '@mikro-orm/migrations';

/**
 * Accounts that an administrator makes have no provider. They had the one that keeps passwords, and with it the identity
 * that they log in by: that stays theirs. Which identities can be let go no longer follows from the account's provider.
 */
export class MadeHere extends Migration {
  override up(): void {
    for (const statement of sql.split(/;\n/)) if (statement.trim()) this.addSql(statement);
  }
}

const sql = `alter table "external_identities" add column "is_linked" boolean not null default false;
update "external_identities" i set "is_linked" = true
  from "users" u where u."id" = i."user_id" and u."provider" <> i."provider";

alter table "users" alter column "provider" drop not null;
update "users" set "provider" = null where "provider" = 'local';
`;
