import { messageOf, SteleError } from '@stele/sdk';

export function aborted(signal: AbortSignal): SteleError {
  return new SteleError('UNREACHABLE', 'The work was given up before it was done.', { cause: signal.reason });
}

/** Throws when `signal` has aborted. */
export function check(signal: AbortSignal): void {
  if (signal.aborted) throw aborted(signal);
}

export function invalid(field: string, message: string, cause?: unknown): SteleError {
  return new SteleError('INVALID', message, { field, cause });
}

export function denied(message: string, cause?: unknown, raw?: string): SteleError {
  return new SteleError('DENIED', message, { cause, ...(raw === undefined ? {} : { raw }) });
}

export function unreachable(message: string, cause?: unknown): SteleError {
  return new SteleError('UNREACHABLE', message, { cause });
}

export function conflict(message: string): SteleError {
  return new SteleError('CONFLICT', message);
}

export function missing(path: string): SteleError {
  return new SteleError('NOT_FOUND', `“${path}” does not exist.`);
}

export function leavesRoot(path: string): SteleError {
  return denied(`“${path}” leads out of this storage.`);
}

export function tooDeep(path: string, limit: number): SteleError {
  return new SteleError('LIMIT', `“${path}” lies more than ${limit} folders deep.`);
}

export function tooMany(path: string, limit: number): SteleError {
  return new SteleError('LIMIT', `“${path}” has more entries than the ${limit} that can be looked at.`);
}

/** The connection went away under whatever was going on. */
export function connectionLost(host: string, cause?: unknown): SteleError {
  return unreachable(
    `The connection to ${host} was lost${cause === undefined ? '' : ` (${messageOf(cause)})`}. It comes back by itself.`,
    cause,
  );
}

export function closed(host: string): SteleError {
  return unreachable(`This use of ${host} has ended.`);
}
