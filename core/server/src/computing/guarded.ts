import type { Database } from '../model/index.ts';

/** ms that an answer is kept: hosts are opened many times a second, and roles change by the month. */
const life = 10_000;
const most = 10_000;

const columns = 'id, owner_kind, owner_user_id, declared_as';

/** Whether a resource is free to lead anywhere: the platform's own, declared by its operator, or an administrator's. */
const sql = `select coalesce(r.owner_kind = 'platform' or r.declared_as is not null or u.role = 'admin', false) as is_free
  from (select ${columns} from computing union all select ${columns} from storages) r
  left join users u on u.id = r.owner_user_id where r.id = ?`;

/** Knows of resources whether somebody named their host who is no administrator. */
export class GuardedResources {
  readonly #database: Database;
  readonly #now: () => number;
  readonly #known = new Map<string, { readonly isGuarded: boolean; readonly until: number }>();

  constructor(database: Database, now: () => number = () => performance.now()) {
    this.#database = database;
    this.#now = now;
  }

  /** @param id of a computing or a storage; one that nobody knows is guarded */
  async has(id: string): Promise<boolean> {
    const known = this.#known.get(id);
    if (known !== undefined && known.until > this.#now()) return known.isGuarded;
    const [row] = await this.#database.orm.em.getConnection().execute<{ is_free: boolean }[]>(sql, [id]);
    const isGuarded = row?.is_free !== true;
    this.#remember(id, isGuarded);
    return isGuarded;
  }

  #remember(id: string, isGuarded: boolean): void {
    this.#known.delete(id);
    this.#known.set(id, { isGuarded, until: this.#now() + life });
    const [oldest] = this.#known.keys();
    if (this.#known.size > most && oldest !== undefined) this.#known.delete(oldest);
  }
}
