import { randomUUID } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { type AuthMode, type JsonObject, type JsonSchema, type Logger, messageOf, SteleError } from '@stele/sdk';
import { NewComputing, NewSoftware, NewStorage } from '@stele/sdk/api';
import type { TSchema } from 'typebox';
import { type Kind, wayOf } from '../computing/index.ts';
import { merge, splitSecrets, validate } from '../schema/index.ts';
import { sealSettings } from '../secrets/index.ts';
import {
  advisoryLocks,
  Computing,
  type Database,
  noFlags,
  ownerColumns,
  type SecretBox,
  Software,
  Storage,
  Task,
} from '../model/index.ts';
import { isThrough, throughComputing } from '../storage/index.ts';
import { takeName } from './names.ts';
import { type ReadReference, takeReferences } from './references.ts';

/** What a site file declares: each entry is what the API's `POST` takes, the name being its identity. */
export interface Declarations {
  readonly software: readonly Entry[];
  readonly computing: readonly Entry[];
  readonly storages: readonly Entry[];
}

type Entry = Readonly<Record<string, unknown>> & { readonly access?: string; readonly auth?: AuthMode };
type Row = Software | Computing | Storage;

const resourceDefaults = { accessConf: {}, conf: {} };
/** What an entry doesn't name, it doesn't have: also where an earlier form of the file named it. */
const softwareDefaults = { digest: null, architecture: null, env: {} };

/** What declarations are read and kept with. */
export interface DeclaredParts {
  readonly database: Database;
  readonly secrets: SecretBox;
  /** Reads what the file leaves to other files and to the environment. */
  readonly read: ReadReference;
  /** What the entry's driver or backend says, where its plugin is active. */
  readonly kindOf: (entry: Entry) => Pick<Kind, 'accepts' | 'conf'> | undefined;
  /** The schema of what an access method has of settings, where its plugin is active. */
  readonly accessConfOf: (access: string | undefined) => JsonSchema | undefined;
  readonly log: Logger;
}

/** Brings the tables in line with what the site file declares. Those objects are the platform's, and read-only in the page. */
export class Declared {
  readonly #parts: DeclaredParts;

  constructor(parts: DeclaredParts) {
    this.#parts = parts;
  }

  /** Idempotent. An entry that is wrong is logged and left out; the others stand. */
  async apply({ software = [], computing = [], storages = [] }: Partial<Declarations>): Promise<void> {
    await this.#parts.database.em().transactional(async (em) => {
      // One at a time: replicas that start together declare the same.
      await em.execute('select pg_advisory_xact_lock(?)', [advisoryLocks.declaring]);
      await this.#put(em, Software, NewSoftware, software, (entry) => ({
        ...softwareDefaults,
        ...entry,
        flags: { ...noFlags, ...(entry.flags as object) },
      }));
      await this.#put(em, Computing, NewComputing, computing, (entry) => ({
        engines: [],
        ...resourceDefaults,
        ...entry,
        ...this.#way(entry),
      }));
      const ids = await computingIds(em);
      const onNone = { ...resourceDefaults, computing: null };
      const modes = await credentialsOf(em);
      const complete = (entry: Entry): object => ({
        ...onNone,
        ...entry,
        ...(isThrough(entry.access) ? credentialsThrough(entry, modes) : this.#way(entry)),
      });
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
    const taken = new Set<unknown>();
    for (const entry of entries) {
      try {
        takeName(entry, taken);
        const checked = validate(schema, structuredClone(withId(entry, computing)), 'body', entity.name) as Entry;
        await this.#upsert(em, entity, String(entry.name), complete(checked) as Entry);
      } catch (error) {
        this.#parts.log.error('a declared resource is left out', { entry: entry.name, reason: messageOf(error) });
      }
    }
  }

  async #upsert(
    em: EntityManager,
    entity: typeof Software | typeof Computing | typeof Storage,
    name: string,
    values: Entry,
  ): Promise<void> {
    const known = await em.findOne(entity as typeof Software, { declaredAs: name });
    const id = known?.id ?? randomUUID();
    const settings = 'conf' in values ? await this.#settings(id, values) : {};
    const { credentials: _, ...columns } = values;
    const owned = { ...columns, ...settings, ...ownerColumns({ kind: 'platform' }), declaredAs: name };
    if (known) em.assign(known, owned as never);
    else em.persist(em.create(entity as typeof Software, { id, ...owned } as never));
    await em.flush();
  }

  /** Secrets are what the file leaves to others, and what the schema calls so. */
  async #settings(id: string, entry: Entry): Promise<object> {
    const { secrets, read } = this.#parts;
    const [accessConf, conf] = [await this.#part('accessConf', entry, read), await this.#part('conf', entry, read)];
    const { open, secret } = await takeReferences((entry.credentials ?? {}) as JsonObject, read);
    const parts = { accessConf: accessConf.secret, conf: conf.secret, credentials: merge(open, secret) };
    const sealed = sealSettings(secrets, id, parts);
    return { accessConf: accessConf.open, conf: conf.open, secrets: sealed };
  }

  /** @throws INVALID where the entry leaves to a plugin how it is reached, and that one isn't active */
  #way(entry: Entry): object {
    const kind = this.#parts.kindOf(entry);
    if (kind) return wayOf(kind.accepts, entry);
    if (entry.access !== undefined && entry.auth !== undefined) return {};
    const message = 'Name “access” and “auth”: the plugin that knows what they are by default isn’t active.';
    throw new SteleError('INVALID', message, { field: 'access' });
  }

  async #part(part: 'accessConf' | 'conf', entry: Entry, read: ReadReference) {
    const { kindOf, accessConfOf } = this.#parts;
    const { open: written, secret: referred } = await takeReferences(entry[part] as JsonObject, read);
    const schema = part === 'conf' ? kindOf(entry)?.conf : accessConfOf(entry.access);
    const { open, secret } = splitSecrets(schema, written);
    return { open, secret: merge(secret, referred) };
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

/** A storage that is reached through its computing has that one's credentials. */
function credentialsThrough({ computing }: Entry, modes: ReadonlyMap<unknown, AuthMode>): object {
  const auth = modes.get(computing);
  if (auth === undefined)
    throw new SteleError('INVALID', 'Access “computing” needs a computing.', { field: 'computing' });
  return throughComputing(auth);
}

async function credentialsOf(em: EntityManager): Promise<ReadonlyMap<string, AuthMode>> {
  const rows = await em.find(Computing, { declaredAs: { $ne: null } });
  return new Map(rows.map(({ id, auth }) => [id, auth]));
}

async function computingIds(em: EntityManager): Promise<ReadonlyMap<string, string>> {
  const rows = await em.find(Computing, { declaredAs: { $ne: null } });
  return new Map(rows.map((row) => [row.name, row.id]));
}
