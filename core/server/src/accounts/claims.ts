import { randomUUID } from 'node:crypto';
import { LockMode } from '@mikro-orm/core';
import type { ExternalIdentity, Logger } from '@stele/sdk';
import { type Database, User } from '../model/index.ts';
import type { AccountNews } from './events.ts';
import { roleAfter } from './granted-role.ts';

/** Directories have people in thousands of groups; of more than these nobody makes any sense here. */
const mostGroups = 200;

/**
 * What a provider says of somebody beside who they are: groups and role follow at each log-in. Groups that the claims make
 * are the provider's; a group made by hand is never joined because somebody elsewhere has one of that name.
 */
export class Claims {
  readonly #database: Database;
  readonly #news: AccountNews;
  readonly #log: Logger;

  constructor(database: Database, news: AccountNews, log: Logger) {
    this.#database = database;
    this.#news = news;
    this.#log = log;
  }

  /** Lets a user's groups and role follow what the provider `provider` says. */
  async follow(
    user: string,
    provider: string,
    { groups, role }: Pick<ExternalIdentity, 'groups' | 'role'>,
  ): Promise<void> {
    // Most providers, most of the time: nothing to lock for.
    if (groups.length === 0 && role === undefined && !(await this.#gaveAnything(user, provider))) return;
    const hasChanged = await this.#database.em().transactional(async (em) => {
      // One log-in of a user after the other, administrators locked in the same order as in `Users.change`.
      const admins = await em.find(User, { role: 'admin', disabledAt: null }, lockInOrder);
      const row = await em.findOneOrFail(User, { id: user }, { lockMode: LockMode.PESSIMISTIC_WRITE });
      const isLast = admins.length === 1 && admins[0]?.id === user;
      const hasRole = this.#followRole(row, provider, role, isLast);
      return (await followGroups(em, user, provider, namesOf(groups))) || hasRole;
    });
    if (hasChanged) this.#news.tell('user-changed', { user });
  }

  async #gaveAnything(user: string, provider: string): Promise<boolean> {
    const sql = `select 1 from memberships where user_id = ? and provider = ?
      union all select 1 from users where id = ? and role_provider = ? limit 1`;
    return (await run(this.#database.em(), sql, [user, provider, user, provider])).length > 0;
  }

  #followRole(user: User, provider: string, granted: ExternalIdentity['role'], isLast: boolean): boolean {
    const { role, roleProvider, ownRole } = user;
    const before = { role, roleProvider: roleProvider ?? undefined, ownRole: ownRole ?? undefined };
    const next = roleAfter(before, provider, granted);
    if (isLast && next.role !== 'admin') {
      this.#log.warn('The last administrator stays one, although their provider no longer says so', { provider });
      return false;
    }
    Object.assign(user, { role: next.role, roleProvider: next.roleProvider ?? null, ownRole: next.ownRole ?? null });
    return next.role !== role;
  }
}

type Em = ReturnType<Database['em']>;

const lockInOrder = { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } } as const;

/** Names as groups can have them, each once. */
function namesOf(groups: readonly string[]): string[] {
  const plain = groups.map((name) => name.replace(/\p{C}/gu, '').trim()).filter((name) => name !== '');
  return [...new Set(plain.filter((name) => name.length <= 200))].slice(0, mostGroups);
}

/** @returns whether anything changed */
async function followGroups(em: Em, user: string, provider: string, names: readonly string[]): Promise<boolean> {
  const ids: string[] = [];
  for (const name of names) ids.push(await groupFor(em, provider, name));
  const keeps = ids.length === 0 ? '' : `and group_id not in (${ids.map(() => '?').join(', ')})`;
  const left = await run(em, `delete from memberships where user_id = ? and provider = ? ${keeps} returning group_id`, [
    user,
    provider,
    ...ids,
  ]);
  let joined = 0;
  for (const id of ids) {
    const sql = `insert into memberships (group_id, user_id, role, created_at, provider) values (?, ?, 'member', now(), ?)
      on conflict do nothing returning group_id`;
    joined += (await run(em, sql, [id, user, provider])).length;
  }
  return left.length + joined > 0;
}

/** The group that the provider calls `name`, made where there is none. */
async function groupFor(em: Em, provider: string, name: string): Promise<string> {
  const find = 'select id from groups where provider = ? and external_name = ?';
  const make = `insert into groups (id, name, provider, external_name, created_at) values (?, ?, ?, ?, now())
    on conflict do nothing returning id`;
  for (const candidate of groupNames(name, provider)) {
    const [known] = await run<{ id: string }>(em, find, [provider, name]);
    if (known) return known.id;
    const [made] = await run<{ id: string }>(em, make, [randomUUID(), candidate, provider, name]);
    if (made) return made.id;
  }
  throw new Error('unreachable: the candidates never end');
}

function* groupNames(name: string, provider: string): Generator<string> {
  yield name;
  const base = `${name.slice(0, 120)} (${provider})`;
  yield base;
  for (let count = 2; ; count += 1) yield `${base} ${count}`;
}

function run<Row>(em: Em, sql: string, params: readonly unknown[]): Promise<Row[]> {
  return em.execute<Row[]>(sql, params as unknown[]);
}
