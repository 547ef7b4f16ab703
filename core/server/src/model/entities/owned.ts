import { p } from '@mikro-orm/core';
import { Group } from './group.ts';
import { User } from './user.ts';

export const ownerKinds = ['platform', 'user', 'group'] as const;

/** The platform, a user, or a group. */
export type Owner = { readonly kind: 'platform' } | { readonly kind: 'user' | 'group'; readonly id: string };

/** Columns of everything that has an owner. Add {@link ownerCheck} to the entity. */
export const owned = () => ({
  ownerKind: p.enum(ownerKinds),
  ownerUser: () => p.manyToOne(User).nullable().deleteRule('restrict').index(),
  ownerGroup: () => p.manyToOne(Group).nullable().deleteRule('restrict').index(),
});

/** Exactly the column that the kind names is filled. */
export function ownerCheck(table: string): { name: string; expression: string } {
  const expression = `(owner_kind = 'user') = (owner_user_id is not null) and (owner_kind = 'group') = (owner_group_id is not null)`;
  return { name: `${table}_owner_check`, expression };
}

/** The parts of an entity that say who owns it. */
export interface OwnerColumns {
  ownerKind: (typeof ownerKinds)[number];
  ownerUser?: { readonly id: string } | null | undefined;
  ownerGroup?: { readonly id: string } | null | undefined;
}

/** Reads the owner from its columns. */
export function ownerOf({ ownerKind, ownerUser, ownerGroup }: OwnerColumns): Owner {
  if (ownerKind === 'user') return { kind: 'user', id: ownerUser!.id };
  if (ownerKind === 'group') return { kind: 'group', id: ownerGroup!.id };
  return { kind: 'platform' };
}

/** Columns for an owner; spread it into `em.create` or `em.assign`. */
export function ownerColumns(owner: Owner): {
  ownerKind: Owner['kind'];
  ownerUser: string | undefined;
  ownerGroup: string | undefined;
} {
  return {
    ownerKind: owner.kind,
    ownerUser: owner.kind === 'user' ? owner.id : undefined,
    ownerGroup: owner.kind === 'group' ? owner.id : undefined,
  };
}
