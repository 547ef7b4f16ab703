import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from './common.ts';
import { User } from './user.ts';

export const membershipRoles = ['member', 'manager'] as const;

const GroupSchema = defineEntity({
  name: 'Group',
  tableName: 'groups',
  properties: {
    id: id(),
    name: p.string().length(200).unique(),
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
    createdAt: createdAt(),
  },
});

export class Membership extends MembershipSchema.class {}
MembershipSchema.setClass(Membership);
