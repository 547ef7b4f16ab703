import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from './common.ts';
import { User } from './user.ts';

const SessionSchema = defineEntity({
  name: 'Session',
  tableName: 'sessions',
  properties: {
    id: id(),
    /** SHA-256 of the token, hexadecimal. The token itself is nowhere. */
    hash: p.string().length(64).unique(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    createdAt: createdAt(),
    expiresAt: p.datetime().index(),
    lastUsedAt: p.datetime(),
    userAgent: p.string().length(256).nullable(),
    address: p.string().length(64).nullable(),
    /** Id of the auth provider that it began with. */
    provider: p.string().length(64).nullable(),
    /** What that provider needs for its own log-out; sealed. */
    kept: p.text().nullable(),
  },
});

export class Session extends SessionSchema.class {}
SessionSchema.setClass(Session);

const LoginLinkSchema = defineEntity({
  name: 'LoginLink',
  tableName: 'login_links',
  properties: {
    id: id(),
    hash: p.string().length(64).unique(),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    createdAt: createdAt(),
    expiresAt: p.datetime().index(),
    usedAt: p.datetime().nullable(),
  },
});

/** A one-time log-in link. */
export class LoginLink extends LoginLinkSchema.class {}
LoginLinkSchema.setClass(LoginLink);
