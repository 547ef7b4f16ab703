import { Migration } from '@mikro-orm/migrations';

export class Staging extends Migration {
  override up(): void {
    this.addSql('alter table "tasks" add column "staging" jsonb null, add column "staged" jsonb null');
  }
}
