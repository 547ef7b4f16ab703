import { defineEntity, p } from '@mikro-orm/core';
import { Computing } from './computing.ts';

const LeaseSchema = defineEntity({
  name: 'Lease',
  tableName: 'leases',
  properties: {
    computing: () => p.oneToOne(Computing).primary().deleteRule('cascade'),
    /** The process that looks after the resource. */
    holder: p.uuid(),
    /** New each time that somebody begins: what was begun under an earlier one is no longer valid. */
    tenure: p.uuid().unique(),
    /** By the database's clock. From then on anybody may take it. */
    expiresAt: p.datetime(),
  },
});

/** Which of several replicas looks after a computing resource. */
export class Lease extends LeaseSchema.class {}
LeaseSchema.setClass(Lease);
