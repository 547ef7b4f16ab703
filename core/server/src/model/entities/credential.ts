import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, updatedAt } from './common.ts';
import { owned, ownerCheck } from './owned.ts';

const CredentialSchema = defineEntity({
  name: 'Credential',
  tableName: 'credentials',
  checks: [ownerCheck('credentials')],
  properties: {
    id: id(),
    ...owned(),
    name: p.string().length(200),
    kind: p.enum(['registry', 'api']),
    /** Registry or host that it is for. */
    host: p.string().length(255),
    username: p.string().length(255).nullable(),
    /** Sealed by the secret box. */
    secret: p.text().hidden(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

/** Log-in for a registry or an API. */
export class Credential extends CredentialSchema.class {}
CredentialSchema.setClass(Credential);
