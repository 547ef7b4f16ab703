import assert from 'node:assert/strict';
import type { Database } from './index.ts';
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
});
