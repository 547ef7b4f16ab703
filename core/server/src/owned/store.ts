import {
  type EntityDictionary,
  type EntityManager,
  type EntityName,
  type FilterQuery,
  ForeignKeyConstraintViolationException,
  type RequiredEntityData,
} from '@mikro-orm/core';
import { SteleError } from '@stele/sdk';
import type { Owner, Rights } from '@stele/sdk/api';
import { type Action, decide, queryFor, type Viewer } from '../accounts/index.ts';
import type { EventBus } from '../events.ts';
import { type Database, type OwnerColumns, ownerColumns, ownerOf } from '../model/index.ts';

/** What software, computing and storage have in common. */
export interface OwnedEntity extends OwnerColumns {
  id: string;
  name: string;
  createdAt: Date;
  declaredAs?: string | null | undefined;
}

type Kind = 'software' | 'computing' | 'storage';
type EntityClass<E> = abstract new () => E;

/** Objects with an owner: every door to them asks the one decision function. */
export class OwnedStore<E extends OwnedEntity> {
  readonly #database: Database;
  readonly #entity: EntityClass<E>;
  readonly #kind: Kind;
  readonly #bus: EventBus;

  constructor(database: Database, entity: EntityClass<E>, kind: Kind, bus: EventBus) {
    this.#database = database;
    this.#entity = entity;
    this.#kind = kind;
    this.#bus = bus;
  }

  async list(viewer: Viewer): Promise<E[]> {
    const where = queryFor(viewer, 'see') as FilterQuery<E>;
    return this.#database.em().find(this.#entity, where, { orderBy: { name: 'asc', id: 'asc' } as never });
  }

  /** NOT_FOUND for what the viewer may not even see; DENIED for what they may not do. */
  async get(viewer: Viewer, id: string, action: Action, em = this.#database.em()): Promise<E> {
    const entity = await this.#read(id, em);
    if (!entity || !decide(viewer, 'see', { owner: ownerOf(entity) })) throw this.#missing();
    if (!decide(viewer, action, { owner: ownerOf(entity) })) throw this.#denied(action);
    return entity;
  }

  /** For the platform's own work, after somebody's right was checked. */
  async find(id: string): Promise<E | undefined> {
    return this.#read(id);
  }

  /** All there are, for the platform's own work. Plain SQL, as {@link OwnedStore.find}. */
  async all(): Promise<E[]> {
    const em = this.#database.em();
    const rows = await em.execute<EntityDictionary<E>[]>(`select * from ${this.#table}`);
    return rows.map((row) => em.map(this.#entity as EntityName<E>, row));
  }

  /** Makes one for `owner`: whoever may change what that owner owns. */
  async create(viewer: Viewer, owner: Owner | undefined, values: Partial<E>): Promise<E> {
    const chosen: Owner = owner ?? { kind: 'user', id: viewer.id };
    if (!decide(viewer, 'change', { owner: chosen })) throw this.#notTheirs();
    const em = this.#database.em();
    const entity = em.create(this.#entity, { ...values, ...ownerColumns(chosen) } as unknown as RequiredEntityData<E>);
    await em
      .persist(entity as object)
      .flush()
      .catch(nobody);
    this.#tell(entity, false);
    return entity;
  }

  async update(viewer: Viewer, id: string, owner: Owner | undefined, values: Partial<E>): Promise<E> {
    const em = this.#database.em();
    const entity = await this.#changeable(viewer, id, em);
    if (owner && !decide(viewer, 'change', { owner })) throw this.#notTheirs();
    em.assign(entity as object, { ...values, ...(owner ? ownerColumns(owner) : {}) } as never);
    await em.flush().catch(nobody);
    this.#tell(entity, false);
    return entity;
  }

  /** Removes it after `mayGo` has had its say within the same transaction. */
  async remove(viewer: Viewer, id: string, mayGo?: (em: EntityManager) => Promise<void>): Promise<void> {
    const gone = await this.#database.em().transactional(async (em) => {
      const entity = await this.#changeable(viewer, id, em as never);
      await mayGo?.(em);
      em.remove(entity as object);
      return entity;
    });
    this.#tell(gone, true);
  }

  rights(viewer: Viewer, entity: E): Rights {
    const owner = ownerOf(entity);
    return {
      use: decide(viewer, 'use', { owner }),
      change: !entity.declaredAs && decide(viewer, 'change', { owner }),
    };
  }

  /** By plain SQL: it is part of most requests, and building the statement anew each time takes longer than all else. */
  async #read(id: string, em = this.#database.em()): Promise<E | undefined> {
    const [row] = await em.execute<EntityDictionary<E>[]>(`select * from ${this.#table} where id = ?`, [id]);
    return row && em.map(this.#entity as EntityName<E>, row);
  }

  get #table(): string {
    return this.#database.orm.getMetadata().get(this.#entity as EntityName<E>).tableName;
  }

  async #changeable(viewer: Viewer, id: string, em?: ReturnType<Database['em']>): Promise<E> {
    const entity = await this.get(viewer, id, 'change', em);
    if (entity.declaredAs) throw this.#declared();
    return entity;
  }

  #tell(entity: E, gone: boolean): void {
    this.#bus.publish('resource', { kind: this.#kind, id: entity.id, gone }, ownerOf(entity));
  }

  #missing = (): SteleError => new SteleError('NOT_FOUND', `There is no such ${this.#kind}.`);
  #denied = (action: Action): SteleError => new SteleError('DENIED', `You may not ${action} this ${this.#kind}.`);
  #declared = (): SteleError =>
    new SteleError('DENIED', `This ${this.#kind} is declared in the site file and is changed there.`);
  #notTheirs = (): SteleError =>
    new SteleError('DENIED', 'You may not make things for that owner.', { field: 'owner' });
}

/** Everything else that a row refers to was looked up before. */
function nobody(error: unknown): never {
  if (!(error instanceof ForeignKeyConstraintViolationException)) throw error;
  throw new SteleError('INVALID', 'There is no such owner.', { field: 'owner', cause: error });
}
