import { defineEntity, p } from '@mikro-orm/core';
import type { EngineChoice } from '@stele/sdk';
import { ownerCheck } from './owned.ts';
import { resource } from './resource.ts';

const ComputingSchema = defineEntity({
  name: 'Computing',
  tableName: 'computing',
  checks: [ownerCheck('computing')],
  properties: {
    ...resource(),
    driver: p.string().length(63),
    engines: p
      .json<readonly EngineChoice[]>()
      .onCreate((entity: { engines?: readonly EngineChoice[] }) => entity.engines ?? []),
  },
});

/** A place where tasks run. */
export class Computing extends ComputingSchema.class {}
ComputingSchema.setClass(Computing);
