import type { EventBus } from '../events.ts';
import { Computing, type Database, ownerOf } from '../model/index.ts';

/** Writes down how a resource is: `undefined` when it answered, else why not. */
export type NoteHealth = (id: string, reason: string | undefined) => Promise<void>;

/** Writes down how a resource is, and tells of it, when that changes. */
export function healthNotes(database: Database, bus: EventBus): NoteHealth {
  const known = new Map<string, string>();
  return async (id, reason) => {
    const words = reason ?? '';
    if (known.get(id) === words) return;
    const em = database.em();
    const row = await em.findOne(Computing, { id });
    if (!row) return;
    const state = reason === undefined ? 'ok' : 'failing';
    if (row.healthState !== state) row.healthSince = new Date();
    row.healthState = state;
    row.healthReason = reason ?? null;
    await em.flush();
    known.set(id, words);
    bus.publish('resource', { kind: 'computing', id, gone: false }, ownerOf(row));
  };
}
