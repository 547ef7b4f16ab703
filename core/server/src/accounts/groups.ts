import { UniqueConstraintViolationException } from '@mikro-orm/core';
import {
  Computing,
  type Database,
  Group,
  Membership,
  RegistryCredential,
  Software,
  Storage,
  User,
} from '../model/index.ts';
import { hasRole, type Viewer } from './decide.ts';
import { groupNameTaken, groupOwnsThings, managersOnly, noSuchGroup, noSuchMember, noSuchUser } from './errors.ts';
import type { AccountNews } from './events.ts';
import { demandAdmin, normalEmail } from './users.ts';

export type GroupRole = 'member' | 'manager';

type Em = ReturnType<Database['em']>;

/** Groups own things together. Administrators make them; their managers say who is in. */
export class Groups {
  readonly #database: Database;
  readonly #news: AccountNews;

  constructor(database: Database, news: AccountNews) {
    this.#database = database;
    this.#news = news;
  }

  /** Groups with their members: all of them for administrators, else those that the viewer is in. */
  async list(by: Viewer): Promise<Group[]> {
    const where = hasRole(by, 'admin') ? {} : { id: { $in: by.groups.map(({ id }) => id) } };
    return await this.#database.em().find(Group, where, withMembers);
  }

  /** NOT_FOUND for a group that the viewer can't see. */
  async get(by: Viewer, id: string): Promise<Group> {
    return await this.#visible(this.#database.em(), by, id);
  }

  async create(by: Viewer, name: string): Promise<Group> {
    demandAdmin(by);
    const em = this.#database.em();
    const group = em.create(Group, { name });
    await em.flush().catch(nameTaken);
    return group;
  }

  async rename(by: Viewer, id: string, name: string): Promise<Group> {
    demandAdmin(by);
    const em = this.#database.em();
    const group = await this.#visible(em, by, id);
    group.name = name;
    await em.flush().catch(nameTaken);
    return group;
  }

  /** CONFLICT while the group owns anything. */
  async remove(by: Viewer, id: string): Promise<void> {
    demandAdmin(by);
    const members = await this.#database.em().transactional(async (em) => {
      const group = await this.#visible(em, by, id);
      if (await ownsAnything(em, id)) throw groupOwnsThings();
      em.remove(group);
      return group.memberships.getItems().map(({ user }) => user.id);
    });
    this.#changed(members);
  }

  /** Adds a member or changes their role. For managers of the group and administrators. */
  async setMember(by: Viewer, id: string, userId: string, role: GroupRole): Promise<Group> {
    const em = this.#database.em();
    await this.#managed(em, by, id);
    if ((await em.count(User, { id: userId })) === 0) throw noSuchUser();
    await em.upsert(
      Membership,
      { group: id, user: userId, role, createdAt: new Date() },
      { onConflictMergeFields: ['role'] },
    );
    this.#changed([userId]);
    return await this.get(by, id);
  }

  /** As {@link Groups.setMember}, for those who know whom they mean but not their id. */
  async addByEmail(by: Viewer, id: string, email: string, role: GroupRole): Promise<Group> {
    const em = this.#database.em();
    await this.#managed(em, by, id);
    const user = await em.findOne(User, { email: normalEmail(email), disabledAt: null });
    if (!user) throw noSuchUser();
    return await this.setMember(by, id, user.id, role);
  }

  /** For managers of the group, administrators, and members who leave. */
  async removeMember(by: Viewer, id: string, userId: string): Promise<void> {
    const em = this.#database.em();
    if (userId === by.id) await this.#visible(em, by, id);
    else await this.#managed(em, by, id);
    const count = await em.nativeDelete(Membership, { group: id, user: userId });
    if (count === 0) throw noSuchMember();
    this.#changed([userId]);
  }

  async #managed(em: Em, by: Viewer, id: string): Promise<void> {
    await this.#visible(em, by, id);
    const isManager = by.groups.some((group) => group.id === id && group.role === 'manager');
    if (!isManager && !hasRole(by, 'admin')) throw managersOnly();
  }

  async #visible(em: Em, by: Viewer, id: string): Promise<Group> {
    const mayKnow = hasRole(by, 'admin') || by.groups.some((group) => group.id === id);
    const group = mayKnow ? await em.findOne(Group, { id }, withMembers) : undefined;
    if (!group) throw noSuchGroup();
    return group;
  }

  #changed(users: readonly string[]): void {
    for (const user of users) this.#news.tell('user-changed', { user });
  }
}

const withMembers = { populate: ['memberships.user'], orderBy: { name: 'asc', id: 'asc' } } as const;

async function ownsAnything(em: Em, id: string): Promise<boolean> {
  const where = { ownerGroup: id };
  if ((await em.count(Software, where)) > 0 || (await em.count(Computing, where)) > 0) return true;
  return (await em.count(Storage, where)) > 0 || (await em.count(RegistryCredential, where)) > 0;
}

function nameTaken(error: unknown): never {
  throw error instanceof UniqueConstraintViolationException ? groupNameTaken() : error;
}
