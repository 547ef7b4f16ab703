import { defineEntity, p } from '@mikro-orm/core';
import { id, updatedAt } from './common.ts';
import { Computing } from './computing.ts';
import { Storage } from './storage.ts';
import { User } from './user.ts';

const OwnCredentialSchema = defineEntity({
  name: 'OwnCredential',
  tableName: 'own_credentials',
  checks: [{ name: 'own_credentials_resource_check', expression: '(computing_id is null) <> (storage_id is null)' }],
  uniques: [{ properties: ['user', 'computing'] }, { properties: ['user', 'storage'] }],
  properties: {
    id: id(),
    user: () => p.manyToOne(User).deleteRule('cascade'),
    computing: () => p.manyToOne(Computing).nullable().deleteRule('cascade').index(),
    storage: () => p.manyToOne(Storage).nullable().deleteRule('cascade').index(),
    /** What was entered, as a sealed JSON object. */
    secrets: p.text().hidden(),
    /** The address of the resource when it was: at another one it is sent nowhere. */
    address: p.text(),
    updatedAt: updatedAt(),
  },
});

/** What a user proves themselves with on a resource that is used with each user's token. */
export class OwnCredential extends OwnCredentialSchema.class {}
OwnCredentialSchema.setClass(OwnCredential);
