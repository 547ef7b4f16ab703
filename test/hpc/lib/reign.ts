import { join } from 'node:path';
import type { SiteFile } from '../../../core/server/src/site/index.ts';
import { Platform, Postgres, Yard } from '../../e2e/lib/index.ts';
import { startTwo } from '../../replicas/lib/pair.ts';

/** Whoever serves the platform's users, while processes of it are killed. */
export interface Reign extends AsyncDisposable {
  /** All of them; the first is asked. */
  readonly platforms: readonly Platform[];
  /** Kills who is asked with -9. From then on the first is who goes on. */
  kill(): Promise<void>;
  /** Brings back who was killed and wasn't needed. */
  mend(): Promise<void>;
}

/** One platform with a database of its own: killed, it is started again. */
export async function alone(site: SiteFile): Promise<Reign> {
  const platform = await Platform.start({ site });
  return {
    platforms: [platform],
    kill: async () => {
      await platform.kill();
      await platform.start();
    },
    mend: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => platform[Symbol.asyncDispose](),
  };
}

/** Two platforms on one PostgreSQL: one is killed, the other goes on. Or why there is no PostgreSQL. */
export async function pair(site: SiteFile): Promise<Reign | string> {
  await using owned = new AsyncDisposableStack();
  const postgres = await Postgres.open();
  if (typeof postgres === 'string') return postgres;
  owned.use(postgres);
  const yard = owned.use(await Yard.open());
  let [asked, other] = await startTwo({ site: { ...site, database: postgres.url, logs: join(yard.path, 'logs') } });
  owned.use(asked);
  owned.use(other);
  const all = owned.move();
  return {
    get platforms() {
      return [asked, other];
    },
    kill: async () => {
      await asked.kill();
      [asked, other] = [other, asked];
    },
    mend: () => other.start(),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}
