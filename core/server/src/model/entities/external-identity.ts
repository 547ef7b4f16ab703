import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from './common.ts';
import { User } from './user.ts';

const ExternalIdentitySchema = defineEntity({
  name: 'ExternalIdentity',
  tableName: 'external_identities',
  uniques: [{ properties: ['provider', 'subject'] }],
  properties: {
    id: id(),
    provider: p.string().length(64),
    subject: p.string().length(255),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    createdAt: createdAt(),
  },
});

/** Who a provider says a user is. */
export class ExternalIdentity extends ExternalIdentitySchema.class {}
ExternalIdentitySchema.setClass(ExternalIdentity);
