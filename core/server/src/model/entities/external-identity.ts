import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from './common.ts';
import { User } from './user.ts';

const ExternalIdentitySchema = defineEntity({
  name: 'ExternalIdentity',
  tableName: 'external_identities',
  uniques: [{ properties: ['issuer', 'subject'] }],
  properties: {
    id: id(),
    /** Id of the auth provider that brought it. */
    provider: p.string().length(64),
    /** Who gives out the subjects: an OpenID issuer's URL, or else the provider's id. */
    issuer: p.string().length(1000),
    subject: p.string().length(255),
    /** Whether the user linked it to an account that they had, and can let it go. */
    isLinked: p.boolean().default(false),
    user: () => p.manyToOne(User).deleteRule('cascade').index(),
    createdAt: createdAt(),
  },
});

/** Who a provider says a user is: `(issuer, subject)` names one user, whatever the provider is called today. */
export class ExternalIdentity extends ExternalIdentitySchema.class {}
ExternalIdentitySchema.setClass(ExternalIdentity);
