import { defineEntity, p } from '@mikro-orm/core';
import { Computing } from './computing.ts';
import { ownerCheck } from './owned.ts';
import { resource } from './resource.ts';

const StorageSchema = defineEntity({
  name: 'Storage',
  tableName: 'storages',
  checks: [ownerCheck('storages')],
  properties: {
    ...resource(),
    backend: p.string().length(63),
    /** The computing whose tasks mount it. */
    computing: () => p.manyToOne(Computing).nullable().deleteRule('set null').index(),
    readOnly: p.boolean().default(false),
    browsable: p.boolean().default(true),
  },
});

/** A file tree that users browse and tasks mount. */
export class Storage extends StorageSchema.class {}
StorageSchema.setClass(Storage);
