import { randomUUID } from 'node:crypto';
import { ForeignKeyConstraintViolationException, UniqueConstraintViolationException } from '@mikro-orm/core';
import { registryName } from '@stele/sdk';
import type { NewRegistry, RegistryItem, RegistryPatch } from '@stele/sdk/api';
import { decide, mayGiveTo, queryFor, rightsOf, type Viewer } from '../accounts/index.ts';
import {
  type Database,
  type Owner,
  ownerColumns,
  ownerOf,
  RegistryCredential,
  type SecretBox,
} from '../model/index.ts';
import { type OwnerNames, ownerView } from '../owned/index.ts';
import { enteredAlready, mayNotChange, noSuchCredentials, noSuchOwner, notShared, notTheirs } from './errors.ts';
import { sealPassword } from './sealed.ts';

/** What credentials for registries are looked after with. */
export interface RegistriesParts {
  readonly database: Database;
  readonly secrets: SecretBox;
}

/** What people say and see of credentials for registries. A password is taken, and never given. */
export class Registries {
  readonly #parts: RegistriesParts;

  constructor(parts: RegistriesParts) {
    this.#parts = parts;
  }

  /** The viewer's own, and those of the platform and of groups that they may see. Another user's are nobody's business. */
  async list(viewer: Viewer): Promise<RegistryCredential[]> {
    const where = { $and: [queryFor(viewer, 'see'), { $or: [{ ownerUser: viewer.id }, { ownerUser: null }] }] };
    return this.#parts.database.em().find(RegistryCredential, where, { orderBy: { registry: 'asc', id: 'asc' } });
  }

  async create(viewer: Viewer, input: NewRegistry): Promise<RegistryCredential> {
    const { username, password, shared = false } = input;
    const owner: Owner = input.owner ?? { kind: 'user', id: viewer.id };
    if (!mayGiveTo(viewer, owner) || isAnothers(viewer, owner)) throw notTheirs();
    if (shared && owner.kind === 'user') throw notShared();
    const em = this.#parts.database.em();
    const named = { id: randomUUID(), registry: registryName(input.registry) };
    const sealed = sealPassword(this.#parts.secrets, named, password);
    const values = { ...named, username, password: sealed, shared, ...ownerColumns(owner) };
    const row = em.create(RegistryCredential, values as never);
    await em
      .persist(row as object)
      .flush()
      .catch(refused(named.registry));
    return row;
  }

  async update(viewer: Viewer, id: string, { username, password, shared }: RegistryPatch): Promise<RegistryCredential> {
    const em = this.#parts.database.em();
    const row = await this.#changeable(em, viewer, id);
    if (shared === true && row.ownerKind === 'user') throw notShared();
    if (username !== undefined) row.username = username;
    if (password !== undefined) row.password = sealPassword(this.#parts.secrets, row, password);
    if (shared !== undefined) row.shared = shared;
    await em.flush();
    return row;
  }

  async remove(viewer: Viewer, id: string): Promise<void> {
    const em = this.#parts.database.em();
    em.remove(await this.#changeable(em, viewer, id));
    await em.flush();
  }

  /** Whose account it is, those see who may change it. */
  view(viewer: Viewer, row: RegistryCredential, names: OwnerNames): RegistryItem {
    const { id, registry, username, shared } = row;
    const owner = ownerOf(row);
    const rights = rightsOf(viewer, { owner });
    return {
      ...{ id, registry, shared, rights },
      ...(rights.change ? { username } : {}),
      owner: ownerView(owner, names),
      updatedAt: row.updatedAt.toISOString(),
    };
  }

  async #changeable(em: ReturnType<Database['em']>, viewer: Viewer, id: string): Promise<RegistryCredential> {
    const row = await em.findOne(RegistryCredential, { id });
    const owner = row ? ownerOf(row) : undefined;
    if (!row || !owner || !decide(viewer, 'see', { owner }) || isAnothers(viewer, owner)) throw noSuchCredentials();
    if (!decide(viewer, 'change', { owner })) throw mayNotChange();
    return row;
  }
}

/** Administrators look after what belongs to others, but an account at somebody else's registry is no matter of the platform. */
function isAnothers(viewer: Viewer, owner: Owner): boolean {
  return owner.kind === 'user' && owner.id !== viewer.id;
}

function refused(registry: string) {
  return (error: unknown): never => {
    if (error instanceof UniqueConstraintViolationException) throw enteredAlready(registry, error);
    if (error instanceof ForeignKeyConstraintViolationException) throw noSuchOwner(error);
    throw error;
  };
}
