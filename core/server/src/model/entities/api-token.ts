import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from './common.ts';
import { User } from './user.ts';

export const tokenScopes = ['read', 'write'] as const;

const ApiTokenSchema = defineEntity({
  name: 'ApiToken',
  tableName: 'api_tokens',
  properties: {
    id: id(),
    hash: p.string().length(64).unique(),
    /** First characters of the token, by which its owner knows it. */
    prefix: p.string().length(16),
    name: p.string().length(200),
    scope: p.enum(tokenScopes).default('read'),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    createdAt: createdAt(),
    expiresAt: p.datetime(),
    lastUsedAt: p.datetime().nullable(),
    revokedAt: p.datetime().nullable(),
  },
});

export class ApiToken extends ApiTokenSchema.class {}
ApiTokenSchema.setClass(ApiToken);
