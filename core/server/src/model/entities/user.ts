import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from './common.ts';

export const roles = ['standard', 'power', 'admin'] as const;

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: id(),
    /** Lower case. */
    email: p.string().length(254).unique().check(`email = lower(email)`),
    name: p.string().length(200),
    /** Of the grammar `userName`. Never changed, and never given to another: it is part of paths. */
    username: p.string().length(32).unique().check(`username ~ '^[a-z0-9][a-z0-9_-]{0,31}$'`),
    role: p.enum(roles).default('standard'),
    /** Id of the auth provider whose claims gave the role. */
    roleProvider: p.string().length(64).nullable(),
    /** The role that they have again when it is taken back. */
    ownRole: p.enum(roles).nullable(),
    /** Id of the auth provider that brought the account, and vouches for it. Null: it was made here. */
    provider: p.string().length(64).nullable(),
    timezone: p.string().length(64).default('UTC'),
    locale: p.string().length(16).default('en'),
    createdAt: createdAt(),
    disabledAt: p.datetime().nullable(),
  },
});

export class User extends UserSchema.class {}
UserSchema.setClass(User);
