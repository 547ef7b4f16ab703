import type { Call, Logger, TaskHandle, UserIdentity } from '@stele/sdk';
import type { Task, User } from '../model/index.ts';

/** A user as plugins see one. */
export function identityOf(user: Pick<User, 'id' | 'username'>): UserIdentity {
  return { kind: 'user', id: user.id, name: user.username };
}

/** A task as drivers see one. */
export function handleOf(row: Task): TaskHandle {
  return { key: row.key, ...(row.ref ? { ref: row.ref } : {}), who: identityOf(row.owner) };
}

/** A call on behalf of somebody that ends with `signal`, or after `limit` milliseconds. */
export function callFor(who: Call['who'], log: Logger, signal: AbortSignal, limit?: number): Call {
  const until = limit === undefined ? signal : AbortSignal.any([signal, AbortSignal.timeout(limit)]);
  return { who, log, signal: until };
}
