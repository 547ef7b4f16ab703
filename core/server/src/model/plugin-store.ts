import type { MikroORM } from '@mikro-orm/postgresql';
import type { Json, PluginStore } from '@stele/sdk';
import { storeKeyInvalid, storeValueTooBig } from './errors.ts';

const largestValue = 64 * 1024;

/** The values that one plugin keeps, in the platform's database. */
export function databasePluginStore(orm: MikroORM, plugin: string): PluginStore {
  const run = <Row>(sql: string, params: unknown[]): Promise<Row[]> => orm.em.getConnection().execute(sql, params);
  return {
    async get(key) {
      const rows = await run<{ value: Json }>('select value from plugin_data where plugin = ? and key = ?', [
        plugin,
        key,
      ]);
      return rows[0]?.value;
    },
    async set(key, value) {
      const text = checked(key, value);
      const upsert =
        'insert into plugin_data (plugin, key, value) values (?, ?, ?::jsonb) on conflict (plugin, key) do update set value = excluded.value';
      await run(upsert, [plugin, key, text]);
    },
    async delete(key) {
      await run('delete from plugin_data where plugin = ? and key = ?', [plugin, key]);
    },
  };
}

function checked(key: string, value: Json): string {
  if (key.length < 1 || key.length > 200 || key.includes('\0')) throw storeKeyInvalid();
  const text = JSON.stringify(value);
  if (Buffer.byteLength(text) > largestValue) throw storeValueTooBig();
  return text;
}
