import type { EventBus } from '../events.ts';
import { Computing, type Database, ownerOf } from '../model/index.ts';

/** Writes down how a resource is: `undefined` when it answered, else why not. */
export type NoteHealth = (id: string, reason: string | undefined) => Promise<void>;

/** Writes down how a resource is, and tells of it, when that changes. */
export function healthNotes(database: Database, bus: EventBus): NoteHealth {
  return async (id, reason) => {
    const state = reason === undefined ? 'ok' : 'failing';
    const em = database.em();
    // Asked of the row, each time: another replica may have written meanwhile.
    const row = await em.findOne(Computing, { id });
    if (!row || (row.healthState === state && (row.healthReason ?? undefined) === reason)) return;
    if (row.healthState !== state) row.healthSince = new Date();
    row.healthState = state;
    row.healthReason = reason ?? null;
    await em.flush();
    bus.publish('resource', { kind: 'computing', id, gone: false }, ownerOf(row));
  };
}
