import assert from 'node:assert/strict';
import { hasCode, type Json } from '@stele/sdk';
import type { Database } from './index.ts';
import { openTestDatabase } from './testing.ts';

describe('model: plugin store', () => {
  let database: Database;
  before(async () => void (database = await openTestDatabase())).timeout(60_000);
  after(() => database.close());

  const values: Json[] = [null, false, 0, '', 'it’s "x" ? :name $1', [1, [2]], { a: { b: null } }, 'x'.repeat(60_000)];
  for (const value of values) {
    it(`gives back ${JSON.stringify(value).slice(0, 30)}`, async () => {
      const store = database.pluginStore('panel');
      await store.set('key ? $1', value);
      assert.deepEqual(await store.get('key ? $1'), value);
    });
  }

  it('keeps plugins and keys apart, and forgets on request', async () => {
    const [one, two] = [database.pluginStore('one'), database.pluginStore('two')];
    await one.set('k', 1);
    await two.set('k', 2);
    await one.set('k', 3);
    assert.deepEqual([await one.get('k'), await two.get('k'), await one.get('other')], [3, 2, undefined]);
    await one.delete('k');
    await one.delete('k');
    assert.deepEqual([await one.get('k'), await two.get('k')], [undefined, 2]);
  });

  it('refuses what is too long', async () => {
    const store = database.pluginStore('one');
    await assert.rejects(store.set('k', 'x'.repeat(65 * 1024)), (error) => hasCode(error, 'LIMIT'));
    await assert.rejects(store.set('', 1), (error) => hasCode(error, 'INVALID'));
    await assert.rejects(store.set('k'.repeat(201), 1), (error) => hasCode(error, 'INVALID'));
  });

  it('remembers which plugins are on', async () => {
    const states = database.pluginStates();
    assert.deepEqual(await states.load(), {});
    await states.save('one', { enabled: false });
    await states.save('one', { enabled: true });
    await states.save('two', { enabled: false });
    assert.deepEqual(await database.pluginStates().load(), { one: { enabled: true }, two: { enabled: false } });
  });
});
