import { isSteleError, messageOf } from '@stele/sdk';
import type { EventBus } from '../events.ts';
import { Computing, type Database, ownerOf } from '../model/index.ts';
import { said } from './said.ts';

/** Why a resource can't be used, for people, and its code. */
export interface Fault {
  readonly reason: string;
  readonly code: string;
}

/** Writes down how a resource is: `undefined` when it answered, else why not. */
export type NoteHealth = (id: string, fault: Fault | undefined) => Promise<void>;

/** What people are told of an error. */
export function faultOf(error: unknown): Fault {
  if (isSteleError(error)) return { reason: said(messageOf(error)), code: error.code };
  return { reason: 'The platform failed here; its log has the details.', code: 'INTERNAL' };
}

/** Writes down how a resource is, and tells of it, when that changes. */
export function healthNotes(database: Database, bus: EventBus): NoteHealth {
  return async (id, fault) => {
    const em = database.em();
    // Asked of the row, each time: another replica may have written meanwhile.
    const row = await em.findOne(Computing, { id });
    if (!row || isSame(row, fault)) return;
    const state = fault === undefined ? 'ok' : 'failing';
    if (row.healthState !== state) row.healthSince = new Date();
    row.healthState = state;
    row.healthReason = fault?.reason ?? null;
    row.healthCode = fault?.code ?? null;
    await em.flush();
    bus.publish('resource', { kind: 'computing', id, gone: false }, ownerOf(row));
  };
}

function isSame({ healthState, healthReason, healthCode }: Computing, fault: Fault | undefined): boolean {
  if (fault === undefined) return healthState === 'ok';
  return healthState === 'failing' && healthReason === fault.reason && healthCode === fault.code;
}
