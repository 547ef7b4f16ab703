import { type EntityManager, LockMode, UniqueConstraintViolationException } from '@mikro-orm/core';
import { hasCode } from '@stele/sdk';
import { advisoryLocks, type Database, ExternalIdentity, User } from '../model/index.ts';
import { hasRole, type Role, type Viewer } from './decide.ts';
import {
  adminsOnly,
  emailInvalid,
  emailTaken,
  grantsTooMuch,
  identityTaken,
  lastAdmin,
  noSuchUser,
  timezoneUnknown,
} from './errors.ts';
import type { AccountNews } from './events.ts';
import type { Sessions } from './sessions.ts';
import { usernames } from './username.ts';

export interface NewUser {
  readonly email: string;
  readonly name: string;
  readonly role?: Role;
  /** Who they are at the auth provider that brings them, and vouches for them. Absent: they are made here. */
  readonly identity?: { readonly provider: string; readonly issuer: string; readonly subject: string };
  /** What they would like to be called in paths. Default: as in their e-mail address. */
  readonly username?: string;
}

export interface UserChange {
  readonly name?: string;
  readonly role?: Role;
  readonly isDisabled?: boolean;
}

/** People. They are disabled, never deleted: what they made stays theirs, and their username nobody else's. */
export class Users {
  readonly #database: Database;
  readonly #news: AccountNews;
  readonly #sessions: Sessions;

  constructor(database: Database, news: AccountNews, sessions: Sessions) {
    this.#database = database;
    this.#news = news;
    this.#sessions = sessions;
  }

  /** For administrators. CONFLICT (field `email`) when the address is somebody's. */
  async create(by: Viewer, user: NewUser): Promise<User> {
    demandAdmin(by);
    if (!hasRole(by, user.role ?? 'standard')) throw grantsTooMuch();
    return await this.insert(user);
  }

  /** Without asking who does it: for the platform's own first administrator, and for providers that may bring users. */
  async insert({ email, name, role = 'standard', identity, username: wish }: NewUser): Promise<User> {
    const address = normalEmail(email);
    return await this.#database.em().transactional(async (em) => {
      // One at a time: two who come together would find the same name free.
      await em.execute('select pg_advisory_xact_lock(?)', [advisoryLocks.makingUsers]);
      if ((await em.count(User, { email: address })) > 0) throw emailTaken();
      const username = await freeUsername(em, wish ?? address);
      const user = em.create(User, { email: address, name, username, role, provider: identity?.provider });
      if (identity) em.create(ExternalIdentity, { ...identity, user });
      await em.flush().catch(taken);
      return user;
    });
  }

  /** Undoes {@link Users.create} when what belongs to it failed: nobody has seen this user yet. */
  async takeBack(id: string): Promise<void> {
    await this.#database.em().transactional(async (em) => {
      await em.nativeDelete(ExternalIdentity, { user: id });
      await em.nativeDelete(User, { id });
    });
  }

  /** The administrator that a new platform begins with; the eldest that there is, on one that isn't new. */
  async firstAdmin(email: string, name: string): Promise<User> {
    const found = await this.#eldestAdmin();
    if (found) return found;
    try {
      return await this.insert({ email, name, role: 'admin' });
    } catch (error) {
      // Another replica that began on the same empty database was first.
      const first = hasCode(error, 'CONFLICT') ? await this.#eldestAdmin() : undefined;
      if (first) return first;
      throw error;
    }
  }

  async #eldestAdmin(): Promise<User | undefined> {
    const where = { role: 'admin', disabledAt: null } as const;
    return (await this.#database.em().findOne(User, where, { orderBy: { createdAt: 'asc' } })) ?? undefined;
  }

  async find(id: string): Promise<User | undefined> {
    return (await this.#database.em().findOne(User, { id })) ?? undefined;
  }

  async findByEmail(email: string): Promise<User | undefined> {
    return (await this.#database.em().findOne(User, { email: normalEmail(email) })) ?? undefined;
  }

  /** For administrators: everybody, by name. */
  async list(by: Viewer): Promise<User[]> {
    demandAdmin(by);
    return await this.#database.em().findAll(User, { orderBy: { name: 'asc', id: 'asc' } });
  }

  /** For administrators. The last of them can be neither demoted nor disabled. */
  async change(by: Viewer, id: string, change: UserChange): Promise<User> {
    demandAdmin(by);
    const user = await this.#database.em().transactional((em) => changeWithin(em, by, id, change));
    if (change.isDisabled) await this.#sessions.endAll(id);
    this.#news.tell('user-changed', { user: id });
    return user;
  }

  /** What users change of themselves. */
  async changeSelf(id: string, change: { name?: string; timezone?: string; locale?: string }): Promise<User> {
    if (change.timezone !== undefined && !isTimezone(change.timezone)) throw timezoneUnknown();
    const em = this.#database.em();
    const user = await em.findOne(User, { id });
    if (!user) throw noSuchUser();
    const { name = user.name, timezone = user.timezone, locale = user.locale } = change;
    em.assign(user, { name, timezone, locale });
    await em.flush();
    return user;
  }
}

async function changeWithin(em: EntityManager, by: Viewer, id: string, change: UserChange): Promise<User> {
  // All administrators are locked, so that two who demote each other at once can't both be the last but one.
  const options = { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } } as const;
  const admins = await em.find(User, { role: 'admin', disabledAt: null }, options);
  const user = await em.findOne(User, { id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (!user) throw noSuchUser();
  const { name, role = user.role, isDisabled = Boolean(user.disabledAt) } = change;
  if (role !== user.role && !hasRole(by, role)) throw grantsTooMuch();
  const wasLast = admins.length === 1 && admins[0]?.id === id;
  if (wasLast && (role !== 'admin' || isDisabled)) throw lastAdmin(isDisabled ? 'isDisabled' : 'role');
  if (name !== undefined) user.name = name;
  if (role !== user.role) Object.assign(user, { role, roleProvider: null, ownRole: null });
  user.disabledAt = isDisabled ? (user.disabledAt ?? new Date()) : undefined;
  return user;
}

export function demandAdmin(by: Viewer): void {
  if (!hasRole(by, 'admin')) throw adminsOnly();
}

/** One spelling per address: two accounts can't differ by case alone. */
export function normalEmail(email: string): string {
  const address = email.trim().normalize('NFC').toLowerCase();
  if (address.length > 254 || !/^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(address)) throw emailInvalid();
  return address;
}

async function freeUsername(em: EntityManager, wish: string): Promise<string> {
  for (const candidate of usernames(wish)) {
    if ((await em.count(User, { username: candidate })) === 0) return candidate;
  }
  throw new Error('unreachable: the candidates never end');
}

function taken(error: unknown): never {
  throw error instanceof UniqueConstraintViolationException ? identityTaken() : error;
}

function isTimezone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== undefined;
  } catch {
    return false;
  }
}
