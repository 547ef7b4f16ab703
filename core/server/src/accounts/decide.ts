import type { Owner } from '../model/index.ts';

/** Roles, each including the one before. */
export type Role = 'standard' | 'power' | 'admin';

/** Whoever asks, as far as rights go. Plain data: deciding needs no database. */
export interface Viewer {
  readonly id: string;
  /** Safe in paths; what `$USER` becomes. */
  readonly username: string;
  readonly role: Role;
  readonly groups: readonly { readonly id: string; readonly role: 'member' | 'manager' }[];
}

/** What somebody may want of an object: find and read it, run or mount it, edit or delete it. */
export type Action = 'see' | 'use' | 'change';

/**
 * The one decision about objects: every route, launch, bind, event stream and the gateway ask it.
 *
 * | owner | see | use | change |
 * |---|---|---|---|
 * | platform | everyone | everyone | admins |
 * | a user | the user, admins | the user | the user, admins |
 * | a group | its members, admins | its members | its managers, admins |
 *
 * Admins look after what belongs to others, but don't use it: their role is no key to somebody's data.
 */
export function decide(viewer: Viewer, action: Action, object: { readonly owner: Owner }): boolean {
  const { owner } = object;
  if (viewer.role === 'admin' && action !== 'use') return true;
  if (owner.kind === 'platform') return action !== 'change';
  if (owner.kind === 'user') return owner.id === viewer.id;
  return viewer.groups.some(({ id, role }) => id === owner.id && (action !== 'change' || role === 'manager'));
}

/** Where-clause over the owner columns. */
export interface OwnerQuery {
  $or?: OwnerCondition[];
}

type OwnerCondition = { ownerKind: 'platform' } | { ownerUser: string } | { ownerGroup: { $in: string[] } };

/** The same rule as a where-clause, for lists: exactly the rows for which {@link decide} says yes. */
export function queryFor(viewer: Viewer, action: Action): OwnerQuery {
  if (viewer.role === 'admin' && action !== 'use') return {};
  const groups = viewer.groups.filter(({ role }) => action !== 'change' || role === 'manager').map(({ id }) => id);
  const rows: OwnerCondition[] = [{ ownerUser: viewer.id }, { ownerGroup: { $in: groups } }];
  return { $or: action === 'change' ? rows : [{ ownerKind: 'platform' }, ...rows] };
}

/** What the viewer may do, as API answers carry it. */
export function rightsOf(viewer: Viewer, object: { readonly owner: Owner }): { use: boolean; change: boolean } {
  return { use: decide(viewer, 'use', object), change: decide(viewer, 'change', object) };
}

/**
 * Whether the viewer may make an object that belongs to `owner`, or hand one over to it: to oneself, as a manager to the
 * group, as an admin to anyone.
 */
export function mayGiveTo(viewer: Viewer, owner: Owner): boolean {
  return decide(viewer, 'change', { owner });
}

const ranks: Readonly<Record<Role, number>> = { standard: 0, power: 1, admin: 2 };

/** Whether the viewer's role includes `role`. */
export function hasRole(viewer: Pick<Viewer, 'role'>, role: Role): boolean {
  return ranks[viewer.role] >= ranks[role];
}
