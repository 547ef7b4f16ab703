import assert from 'node:assert/strict';
import { hasCode } from '@stele/sdk';
import { AuditEntry, type Database, Group } from './index.ts';
import { openTestDatabase } from './testing.ts';

describe('model: database', () => {
  let database: Database;

  before(async function () {
    this.timeout(60_000);
    database = await openTestDatabase();
  });
  after(() => database.close());

  it('has exactly the tables that the entities describe', async () => {
    assert.equal(await database.orm.schema.getUpdateSchemaSQL({ wrap: false }), '');
  });

  it('answers its health', async () => {
    assert.deepEqual(await database.health(), { isUp: true });
  });

  const bad: readonly [string, (database: Database) => Promise<unknown>][] = [
    ['a NUL', (db) => addGroup(db, 'a\0b')],
    ['a NUL that is looked for', (db) => db.em().count(Group, { name: { $in: ['a\0b'] } })],
    ['a NUL in JSON', (db) => addEntry(db, 'a\0b')],
    ['half a character in JSON', (db) => addEntry(db, 'a\ud800')],
    ['a name that is too long', (db) => addGroup(db, 'x'.repeat(201))],
    ['an id that is none', (db) => db.em().findOne(Group, { id: 'none' })],
  ];
  for (const [what, work] of bad) {
    it(`refuses ${what} with INVALID`, async () => {
      await assert.rejects(work(database), (error) => hasCode(error, 'INVALID'));
      assert.equal(await database.em().count(Group), 0);
    });
  }

  it('takes every other text as it is', async () => {
    const names = [`'; drop table users; --`, String.raw`a\'b`, '? :x $1 %', '“ü”\n\t🚀', '{"a":1}'];
    for (const name of names) await addGroup(database, name);
    const found = await database.em().findAll(Group);
    assert.deepEqual(found.map(({ name }) => name).toSorted(), names.toSorted());
  });
});

async function addGroup(database: Database, name: string): Promise<void> {
  const em = database.em();
  em.create(Group, { name });
  await em.flush();
}

async function addEntry(database: Database, text: string): Promise<void> {
  const em = database.em();
  em.create(AuditEntry, { action: 'test', detail: { text } });
  await em.flush();
}
