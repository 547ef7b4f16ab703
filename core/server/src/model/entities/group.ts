import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from './common.ts';
import { User } from './user.ts';

export const membershipRoles = ['member', 'manager'] as const;

const GroupSchema = defineEntity({
  name: 'Group',
  tableName: 'groups',
  uniques: [{ properties: ['provider', 'externalName'] }],
  properties: {
    id: id(),
    name: p.string().length(200).unique(),
    /** Id of the auth provider whose claims made the group; made by hand without. */
    provider: p.string().length(64).nullable(),
    /** What the provider calls it. */
    externalName: p.string().length(200).nullable(),
    createdAt: createdAt(),
    memberships: () => p.oneToMany(Membership).mappedBy('group'),
  },
});

export class Group extends GroupSchema.class {}
GroupSchema.setClass(Group);

const MembershipSchema = defineEntity({
  name: 'Membership',
  tableName: 'memberships',
  properties: {
    group: () => p.manyToOne(Group).primary().deleteRule('cascade'),
    user: () => p.manyToOne(User).primary().deleteRule('cascade').index(),
    role: p.enum(membershipRoles).default('member'),
    /** Id of the auth provider whose claims say so, and take it back; by hand without. */
    provider: p.string().length(64).nullable(),
    createdAt: createdAt(),
  },
});

export class Membership extends MembershipSchema.class {}
MembershipSchema.setClass(Membership);
