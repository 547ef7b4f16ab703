import { defineEntity, p } from '@mikro-orm/core';
import type { Architecture } from '@stele/sdk';
import { createdAt, id, updatedAt } from './common.ts';
import { owned, ownerCheck } from './owned.ts';

/** What the image's container can do, beyond the minimum. */
export interface SoftwareFlags {
  readonly customPort: boolean;
  /** Absent in rows that are older than the flag. */
  readonly customSocket?: boolean;
  readonly interfaceAuth: boolean;
  readonly fixedUser: boolean;
}

/** Of an image of which nothing is known. */
export const noFlags: SoftwareFlags = {
  customPort: false,
  customSocket: false,
  interfaceAuth: false,
  fixedUser: false,
};

const SoftwareSchema = defineEntity({
  name: 'Software',
  tableName: 'software',
  checks: [ownerCheck('software'), { name: 'software_port_check', expression: 'port >= 1 and port <= 65535' }],
  properties: {
    id: id(),
    ...owned(),
    name: p.string().length(200),
    description: p.string().length(2000).default(''),
    icon: p.string().length(64).default('cube'),
    registry: p.string().length(255).default('docker.io'),
    image: p.string().length(255),
    tag: p.string().length(128).default('latest'),
    digest: p.string().length(71).nullable(),
    architecture: p.string().length(16).$type<Architecture>().nullable(),
    port: p.integer(),
    protocol: p.string().length(63).default('http'),
    transport: p.enum(['tcp', 'udp']).default('tcp'),
    env: p
      .json<Readonly<Record<string, string>>>()
      .onCreate((entity: { env?: Record<string, string> }) => entity.env ?? {}),
    flags: p.json<SoftwareFlags>().onCreate((entity: { flags?: SoftwareFlags }) => entity.flags ?? noFlags),
    /** Its name in the site file, when it is declared there: read-only in the page. */
    declaredAs: p.string().length(200).nullable().unique(),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
});

/** The twin of an OCI image. */
export class Software extends SoftwareSchema.class {}
SoftwareSchema.setClass(Software);
