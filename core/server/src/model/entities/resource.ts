import { p } from '@mikro-orm/core';
import type { AuthMode, JsonObject } from '@stele/sdk';
import { createdAt, id, updatedAt } from './common.ts';
import { owned } from './owned.ts';

/** What computing and storage have in common. */
export const resource = () => ({
  id: id(),
  ...owned(),
  name: p.string().length(200),
  access: p.string().length(63),
  auth: p.string().length(32).$type<AuthMode>().default('none'),
  accessConf: p.json<JsonObject>().onCreate((entity: { accessConf?: JsonObject }) => entity.accessConf ?? {}),
  conf: p.json<JsonObject>().onCreate((entity: { conf?: JsonObject }) => entity.conf ?? {}),
  /** Settings marked `x-secret`, as a sealed JSON object. */
  secrets: p.text().nullable().hidden(),
  healthState: p.enum(['ok', 'failing', 'unknown']).default('unknown'),
  healthReason: p.text().nullable(),
  /** Code of the reason. */
  healthCode: p.string().length(32).nullable(),
  healthSince: p.datetime().nullable(),
  /** Its name in the site file, when it is declared there: read-only in the page. */
  declaredAs: p.string().length(200).nullable().unique(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
});
