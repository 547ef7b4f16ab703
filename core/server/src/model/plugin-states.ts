import type { MikroORM } from '@mikro-orm/postgresql';
import { PluginState } from './entities/index.ts';

/** What administrators chose for plugins, kept over restarts. */
export interface PluginStates {
  load(): Promise<Record<string, { enabled?: boolean }>>;
  save(id: string, state: { enabled: boolean }): Promise<void>;
}

export function databasePluginStates(orm: MikroORM): PluginStates {
  return {
    async load() {
      const rows = await orm.em.fork().findAll(PluginState);
      return Object.fromEntries(rows.map(({ id, enabled }) => [id, { enabled }]));
    },
    async save(id, { enabled }) {
      await orm.em.fork().upsert(PluginState, { id, enabled });
    },
  };
}
