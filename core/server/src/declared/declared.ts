import type { EntityManager } from '@mikro-orm/postgresql';
import { type Logger, messageOf, SteleError } from '@stele/sdk';
import { NewComputing, NewSoftware, NewStorage } from '@stele/sdk/api';
import type { TSchema } from 'typebox';
import { checkSettings } from '../schema/index.ts';
import { Computing, type Database, ownerColumns, Software, Storage, Task } from '../model/index.ts';

/** What a site file declares: each entry is what the API's `POST` takes, the name being its identity. */
export interface Declarations {
  readonly software: readonly Entry[];
  readonly computing: readonly Entry[];
  readonly storages: readonly Entry[];
}

type Entry = Readonly<Record<string, unknown>>;
type Row = Software | Computing | Storage;

/** Number of an advisory lock; any that nobody else takes. */
const declaring = 7_357_003;

const noFlags = { customPort: false, interfaceAuth: false, fixedUser: false };
const resourceDefaults = { access: 'local', auth: 'none', accessConf: {}, conf: {} };
/** What an entry doesn't name, it doesn't have: also where an earlier form of the file named it. */
const softwareDefaults = { digest: null, architecture: null, env: {} };

/** Brings the tables in line with what the site file declares. Those objects are the platform's, and read-only in the page. */
export class Declared {
  readonly #database: Database;
  readonly #log: Logger;

  constructor(database: Database, log: Logger) {
    this.#database = database;
    this.#log = log;
  }

  /** Idempotent. An entry that is wrong is logged and left out; the others stand. */
  async apply({ software = [], computing = [], storages = [] }: Partial<Declarations>): Promise<void> {
    await this.#database.em().transactional(async (em) => {
      // One at a time: replicas that start together declare the same.
      await em.execute('select pg_advisory_xact_lock(?)', [declaring]);
      await this.#put(em, Software, NewSoftware, software, (entry) => ({
        ...softwareDefaults,
        ...entry,
        flags: { ...noFlags, ...(entry.flags as object) },
      }));
      await this.#put(em, Computing, NewComputing, computing, (entry) => ({
        engines: [],
        ...resourceDefaults,
        ...entry,
      }));
      const ids = await computingIds(em);
      const onNone = { ...resourceDefaults, computing: null };
      const modes = await credentialsOf(em);
      const complete = (entry: Entry): object => ({ ...onNone, ...entry, ...credentialsThrough(entry, modes) });
      await this.#put(em, Storage, NewStorage, storages, complete, ids);
      await this.#drop(em, Software, software);
      await this.#drop(em, Storage, storages);
      await this.#drop(em, Computing, computing);
    });
  }

  async #put(
    em: EntityManager,
    entity: typeof Software | typeof Computing | typeof Storage,
    schema: TSchema,
    entries: readonly Entry[],
    complete: (entry: Entry) => object,
    computing: ReadonlyMap<string, string> = new Map(),
  ): Promise<void> {
    for (const entry of entries) {
      try {
        const checked = checkSettings(schema as never, withId(entry, computing) as never, entity.name) as Entry;
        await upsert(em, entity, String(entry.name), complete(checked));
      } catch (error) {
        this.#log.error('a declared resource is left out', { entry: entry.name, reason: messageOf(error) });
      }
    }
  }

  /** What is no longer declared goes; a computing that still has tasks stays, as an ordinary resource. */
  async #drop(
    em: EntityManager,
    entity: typeof Software | typeof Computing | typeof Storage,
    entries: readonly Entry[],
  ): Promise<void> {
    const names = entries.map(({ name }) => String(name));
    const gone: Row[] = await em.find(entity as typeof Software, { declaredAs: { $ne: null, $nin: names } });
    for (const row of gone) {
      const isUsed = row instanceof Computing && (await em.count(Task, { computing: row.id, cleanedAt: null })) > 0;
      if (isUsed) row.declaredAs = null;
      else em.remove(row);
    }
    await em.flush();
  }
}

/** The file names a computing; the table wants its id. */
function withId(entry: Entry, ids: ReadonlyMap<unknown, string>): Entry {
  const { computing } = entry;
  if (computing === undefined) return entry;
  const id = ids.get(computing);
  if (id !== undefined) return { ...entry, computing: id };
  throw new SteleError('INVALID', `“computing” names ${JSON.stringify(computing)}, which the file does not declare.`);
}

async function upsert(
  em: EntityManager,
  entity: typeof Software | typeof Computing | typeof Storage,
  name: string,
  values: object,
): Promise<void> {
  const known = await em.findOne(entity as typeof Software, { declaredAs: name });
  const owned = { ...values, ...ownerColumns({ kind: 'platform' }), declaredAs: name };
  if (known) em.assign(known, owned as never);
  else em.persist(em.create(entity as typeof Software, owned as never));
  await em.flush();
}

/** A storage that is reached through its computing has that one's credentials. */
function credentialsThrough({ access, computing }: Entry, modes: ReadonlyMap<unknown, string>): object {
  if (access !== 'computing') return {};
  const auth = modes.get(computing);
  if (auth === undefined)
    throw new SteleError('INVALID', 'Access “computing” needs a computing.', { field: 'computing' });
  return { auth, accessConf: {} };
}

async function credentialsOf(em: EntityManager): Promise<ReadonlyMap<string, string>> {
  const rows = await em.find(Computing, { declaredAs: { $ne: null } });
  return new Map(rows.map(({ id, auth }) => [id, auth]));
}

async function computingIds(em: EntityManager): Promise<ReadonlyMap<string, string>> {
  const rows = await em.find(Computing, { declaredAs: { $ne: null } });
  return new Map(rows.map((row) => [row.name, row.id]));
}
