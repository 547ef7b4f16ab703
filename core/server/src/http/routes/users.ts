import {
  Group,
  GroupMember,
  Id,
  ListOf,
  LogInLink,
  NewGroup,
  NewGroupMember,
  NewUser,
  Strict,
  UserItem,
  UserPatch,
} from '@stele/sdk/api';
import type { Context } from 'koa';
import type { Group as GroupRow, User } from '../../model/index.ts';
import { HttpError } from '../problem.ts';
import { type Route, route } from '../route.ts';
import type { PeopleParts } from './me-view.ts';
import { idParams } from './owned.ts';
import { demandSession } from './redirects.ts';
import { secretKeeper, secretKeepers, setSecret, userWith } from './secret-keeper.ts';

/** Makes the address of a log-in link out of its secret. */
export type LinkUrl = (secret: string) => string;

export function userRoutes(parts: PeopleParts, linkUrl: LinkUrl): Route[] {
  const { accounts } = parts;
  return [
    route({
      ...{ method: 'GET', path: '/users', summary: 'Everybody', audience: 'admin' },
      answer: ListOf(UserItem),
      handle: async ({ viewer }) => ({ items: (await accounts.users.list(viewer)).map(userView) }),
    }),
    route({
      ...{ method: 'POST', path: '/users', summary: 'Makes a user', audience: 'admin', status: 201 },
      body: NewUser,
      answer: UserItem,
      handle: async ({ viewer, body: { password, ...body }, koa, signal }) => {
        if (password !== undefined) inPerson(koa);
        const user = await accounts.users.create(viewer, body);
        if (password === undefined) return userView(user);
        try {
          await setPassword(parts, user, password, signal);
        } catch (error) {
          await accounts.users.takeBack(user.id);
          throw error;
        }
        return userView(user);
      },
    }),
    route({
      ...{ method: 'PATCH', path: '/users/:id', summary: 'Changes name or role; disables', audience: 'admin' },
      params: idParams,
      body: UserPatch,
      answer: UserItem,
      handle: async ({ viewer, params, body }) => userView(await accounts.users.change(viewer, params.id, body)),
    }),
    route({
      ...{ method: 'POST', path: '/users/:id/link', audience: 'admin', status: 201 },
      summary: 'Makes a one-time log-in link for a user',
      params: idParams,
      answer: LogInLink,
      handle: async ({ params, koa }) => {
        inPerson(koa);
        const user = await userWith(parts, params.id);
        const { secret, expiresAt } = await accounts.links.create(user.id);
        return { url: linkUrl(secret), expiresAt: expiresAt.toISOString() };
      },
    }),
    route({
      ...{ method: 'DELETE', path: '/users/:id/password', audience: 'admin' },
      summary:
        'Forgets a user’s password, so that they can set another after a new log-in link; their links, sessions and API tokens end',
      params: idParams,
      handle: async ({ viewer, params, koa, signal }) => {
        inPerson(koa);
        const keepers = await secretKeepers(parts, await userWith(parts, params.id));
        for (const { credentials, subject } of keepers) await credentials.remove(subject, parts.call(viewer, signal));
        await accounts.links.endAll(params.id);
        await accounts.sessions.endAll(params.id);
        await accounts.tokens.revokeAll(params.id);
      },
    }),
  ];
}

const inPerson = (koa: Context): unknown =>
  demandSession(koa, 'A token can’t change how people log in: log in to do so.');

async function setPassword(parts: PeopleParts, user: User, password: string, signal: AbortSignal): Promise<void> {
  const keeper = await secretKeeper(parts, user);
  if (!keeper) throw new HttpError('UNSUPPORTED', 'No active plugin keeps passwords.', { field: 'password' });
  const self = { id: user.id, username: user.username, role: user.role, groups: [] };
  await setSecret(parts, user, keeper, { password }, parts.call(self, signal));
}

function userView({ id, email, name, username, role, provider, disabledAt, createdAt }: User): UserItem {
  const isDisabled = Boolean(disabledAt);
  const from = provider ? { provider } : {};
  return { id, email, name, username, role, ...from, isDisabled, createdAt: createdAt.toISOString() };
}

const memberParams = Strict({ id: Id, user: Id });

export function groupRoutes({ accounts: { groups } }: PeopleParts): Route[] {
  return [
    route({
      ...{ method: 'GET', path: '/groups', summary: 'One’s groups; all of them for administrators', audience: 'user' },
      answer: ListOf(Group),
      handle: async ({ viewer }) => ({ items: (await groups.list(viewer)).map(groupView) }),
    }),
    route({
      ...{ method: 'POST', path: '/groups', summary: 'Makes a group', audience: 'admin', status: 201 },
      body: NewGroup,
      answer: Group,
      handle: async ({ viewer, body }) =>
        groupView(await groups.get(viewer, (await groups.create(viewer, body.name)).id)),
    }),
    route({
      ...{ method: 'PATCH', path: '/groups/:id', summary: 'Renames a group', audience: 'admin' },
      params: idParams,
      body: NewGroup,
      answer: Group,
      handle: async ({ viewer, params, body }) => groupView(await groups.rename(viewer, params.id, body.name)),
    }),
    route({
      ...{ method: 'DELETE', path: '/groups/:id', summary: 'Removes a group that owns nothing', audience: 'admin' },
      params: idParams,
      handle: async ({ viewer, params }) => groups.remove(viewer, params.id),
    }),
    route({
      ...{ method: 'POST', path: '/groups/:id/members', audience: 'user', status: 201 },
      summary: 'Adds a member by their e-mail address',
      params: idParams,
      body: NewGroupMember,
      answer: Group,
      handle: async ({ viewer, params, body }) =>
        groupView(await groups.addByEmail(viewer, params.id, body.email, body.role)),
    }),
    route({
      ...{ method: 'PUT', path: '/groups/:id/members/:user', audience: 'user' },
      summary: 'Adds a member, or changes their role',
      params: memberParams,
      body: GroupMember,
      answer: Group,
      handle: async ({ viewer, params, body }) =>
        groupView(await groups.setMember(viewer, params.id, params.user, body.role)),
    }),
    route({
      ...{ method: 'DELETE', path: '/groups/:id/members/:user', audience: 'user' },
      summary: 'Removes a member; members may leave by themselves',
      params: memberParams,
      handle: async ({ viewer, params }) => groups.removeMember(viewer, params.id, params.user),
    }),
  ];
}

function groupView(group: GroupRow): Group {
  const members = group.memberships.getItems().map(({ user, role }) => {
    return { id: user.id, name: user.name, email: user.email, role };
  });
  const { id, name, provider } = group;
  return { id, name, ...(provider ? { provider } : {}), members };
}
