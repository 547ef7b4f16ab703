import assert from 'node:assert/strict';
import type { Database } from './index.ts';
import { openTestDatabase } from './testing.ts';

describe('model: accounts of an older Stele', () => {
  let database: Database;
  const run = <Row>(sql: string, params: readonly unknown[] = []): Promise<Row[]> =>
    database.orm.em.getConnection().execute<Row[]>(sql, [...params]);

  before(async function () {
    this.timeout(60_000);
    database = await openTestDatabase();
    await run('drop schema public cascade; create schema public');
    await database.orm.migrator.up({ to: 'core/0010-staging' });
  });
  after(() => database.close());

  const addUser = async (name: string, provider: string, identities: readonly (readonly [string, string])[]) => {
    const [user] = await run<{ id: string }>(
      `insert into users (id, email, name, username, role, provider, timezone, locale, created_at)
        values (gen_random_uuid(), ?, ?, ?, 'standard', ?, 'UTC', 'en', now()) returning id`,
      [`${name}@example.org`, name, name, provider],
    );
    for (const [by, issuer] of identities) {
      const sql = `insert into external_identities (id, provider, issuer, subject, user_id, created_at)
        values (gen_random_uuid(), ?, ?, ?, ?, now())`;
      await run(sql, [by, issuer, `${name}@example.org`, user?.id]);
    }
  };

  it('log in as before, and let go of what they could let go', async () => {
    await addUser('ada', 'local', [
      ['local', 'local'],
      ['sso', 'https://sso.example.org'],
    ]);
    await addUser('grace', 'sso', [['sso', 'https://sso.example.org']]);
    await database.orm.migrator.up();
    const rows = await run<Record<string, unknown>>(
      `select u.name, u.provider as came, i.provider, i.issuer, i.subject, i.is_linked
        from users u join external_identities i on i.user_id = u.id order by u.name, i.provider`,
    );
    assert.deepEqual(
      rows.map((row) => Object.values(row)),
      [
        ['ada', null, 'local', 'local', 'ada@example.org', false],
        ['ada', null, 'sso', 'https://sso.example.org', 'ada@example.org', true],
        ['grace', 'sso', 'sso', 'https://sso.example.org', 'grace@example.org', false],
      ],
    );
    assert.equal(await database.orm.schema.getUpdateSchemaSQL({ wrap: false }), '');
  });
});
