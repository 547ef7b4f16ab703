import { defineEntity, p } from '@mikro-orm/core';
import type { JsonObject } from '@stele/sdk';
import { id } from './common.ts';
import { User } from './user.ts';

const AuditEntrySchema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entries',
  indexes: [{ properties: ['at'] }, { properties: ['actor', 'at'] }],
  properties: {
    id: id(),
    at: p.datetime().onCreate(() => new Date()),
    /** Who did it; none for the platform itself, or for somebody who was not let in. */
    actor: () => p.manyToOne(User).nullable().deleteRule('set null'),
    /** Dotted: `task.launch`, `session.refused`. */
    action: p.string().length(64),
    objectKind: p.string().length(32).nullable(),
    objectId: p.string().length(64).nullable(),
    address: p.string().length(64).nullable(),
    /** Facts for a reader. No secrets. */
    detail: p.json<JsonObject>().onCreate((entity: { detail?: JsonObject }) => entity.detail ?? {}),
  },
});

/** Something that happened and that somebody may have to answer for. */
export class AuditEntry extends AuditEntrySchema.class {}
AuditEntrySchema.setClass(AuditEntry);
