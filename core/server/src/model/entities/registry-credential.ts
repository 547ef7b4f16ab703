import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id, updatedAt } from './common.ts';
import { owned, ownerCheck } from './owned.ts';

const RegistryCredentialSchema = defineEntity({
  name: 'RegistryCredential',
  tableName: 'registry_credentials',
  checks: [
    ownerCheck('registry_credentials'),
    { name: 'registry_credentials_shared_check', expression: `not shared or owner_kind <> 'user'` },
  ],
  uniques: [
    { properties: ['ownerUser', 'registry'] },
    { properties: ['ownerGroup', 'registry'] },
    {
      name: 'registry_credentials_platform_unique',
      properties: ['registry'],
      where: `owner_kind = 'platform'`,
    },
  ],
  properties: {
    id: id(),
    ...owned(),
    /** Its one name, as `registryName` makes it. Never changed: what was entered for one registry goes to no other. */
    registry: p.string().length(255),
    username: p.string().length(255),
    /** Sealed by the secret box, for this row and this registry. */
    password: p.text().hidden(),
    /** Of the platform's or a group's: whether it is for whatever those launch who may use its things, wherever. */
    shared: p.boolean().default(false),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

/** The account with which images of a private registry are fetched. */
export class RegistryCredential extends RegistryCredentialSchema.class {}
RegistryCredentialSchema.setClass(RegistryCredential);
