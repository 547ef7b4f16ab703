import { defineEntity, p } from '@mikro-orm/core';
import { createdAt, id } from './common.ts';
import { Computing } from './computing.ts';

const CallbackSchema = defineEntity({
  name: 'Callback',
  tableName: 'callbacks',
  uniques: [{ properties: ['plugin', 'computing', 'task'] }],
  properties: {
    /** Part of the address that is called. */
    id: id(),
    /** Whose driver waits. */
    plugin: p.string().length(64),
    computing: () => p.manyToOne(Computing).deleteRule('cascade'),
    /** The task's key. */
    task: p.character().length(16),
    /** Where calls may come from. */
    networks: p.json<readonly string[]>(),
    /** What the first caller is handed, sealed, until they have told that they have it. */
    parcel: p.text().nullable().hidden(),
    /** SHA-256 of the caller's secret, hexadecimal; none before the first call. */
    secretHash: p.string().length(64).nullable().hidden(),
    /** Number of the last step that was accepted. */
    step: p.integer().default(0),
    /** What was told with it. */
    text: p.text().default(''),
    /** Whether nothing is to come any more. */
    isFinal: p.boolean().default(false),
    heardAt: p.datetime().nullable(),
    createdAt: createdAt(),
  },
});

/** A task's way to tell the platform its news. */
export class Callback extends CallbackSchema.class {}
CallbackSchema.setClass(Callback);
