import { type ErrorCode, SteleError, isSteleError, messageOf } from '@stele/sdk';

const codes: Readonly<Record<string, ErrorCode>> = {
  ENOENT: 'NOT_FOUND',
  EACCES: 'DENIED',
  EPERM: 'DENIED',
  EROFS: 'DENIED',
  // A link where the walk expects none: somebody swapped it in.
  ELOOP: 'DENIED',
  EEXIST: 'CONFLICT',
  ENOTEMPTY: 'CONFLICT',
  EISDIR: 'CONFLICT',
  ENOTDIR: 'CONFLICT',
  EBUSY: 'CONFLICT',
  ETXTBSY: 'CONFLICT',
  ENOSPC: 'LIMIT',
  EDQUOT: 'LIMIT',
  EFBIG: 'LIMIT',
  EMLINK: 'LIMIT',
  EMFILE: 'LIMIT',
  ENFILE: 'LIMIT',
  EAGAIN: 'LIMIT',
  ENOMEM: 'LIMIT',
  E2BIG: 'LIMIT',
  ENAMETOOLONG: 'INVALID',
  EINVAL: 'INVALID',
};

const words: Readonly<Partial<Record<ErrorCode, string>>> = {
  NOT_FOUND: 'does not exist',
  DENIED: 'may not be used like that',
  CONFLICT: 'exists already, is not empty, or is of another kind',
  LIMIT: 'does not fit: the disk or the quota is full',
  INVALID: 'is not a path that can be used here',
  UNREACHABLE: 'could not be reached',
};

/** The system's name of an error, such as `ENOENT`. */
export function errnoOf(error: unknown): string | undefined {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** The coded error for what the system said about `path`; errors that are coded already stay as they are. */
export function fileError(error: unknown, path: string, field = 'path'): unknown {
  if (isSteleError(error)) return error;
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  const code = codes[errno] ?? 'UNREACHABLE';
  const details = { cause: error, raw: messageOf(error), ...(code === 'INVALID' ? { field } : {}) };
  return new SteleError(code, `“${path === '' ? '/' : path}” ${words[code] ?? 'failed'} (${errno}).`, details);
}

export function conflict(message: string): SteleError {
  return new SteleError('CONFLICT', message);
}

export function invalid(field: string, message: string, cause?: unknown): SteleError {
  return new SteleError('INVALID', message, { field, cause });
}

export function missing(path: string): SteleError {
  return new SteleError('NOT_FOUND', `“${path}” does not exist.`);
}

export function leavesRoot(path: string): SteleError {
  return new SteleError('DENIED', `“${path}” leads out of this storage.`);
}

export function tooDeep(path: string, limit: number): SteleError {
  return new SteleError('LIMIT', `“${path}” lies more than ${limit} folders deep.`);
}

export function needsLinux(): SteleError {
  return new SteleError('UNSUPPORTED', 'Files of this machine can be offered on Linux only.');
}

export function aborted(signal: AbortSignal): SteleError {
  return new SteleError('UNREACHABLE', 'The work was given up before it was done.', { cause: signal.reason });
}

/** Throws when `signal` has aborted. */
export function check(signal: AbortSignal): void {
  if (signal.aborted) throw aborted(signal);
}

export function noProgram(program: string, cause: unknown): SteleError {
  return new SteleError('NOT_FOUND', `There is no program “${program}” on this machine.`, { cause });
}

export function programDenied(program: string, cause: unknown): SteleError {
  return new SteleError('DENIED', `“${program}” may not be run on this machine.`, { cause });
}

export function spawnFailed(program: string, cause: unknown): SteleError {
  const code = codes[errnoOf(cause) ?? ''] ?? 'UNREACHABLE';
  return new SteleError(code, `“${program}” could not be started: ${messageOf(cause)}.`, { cause });
}

export function tooMuchOutput(program: string, limit: number, raw: string): SteleError {
  return new SteleError('PROTOCOL', `“${program}” printed more than ${limit} bytes and was ended.`, { raw });
}

export function dialFailed(where: string, cause: unknown): SteleError {
  const errno = errnoOf(cause);
  const code = errno === 'EACCES' || errno === 'EPERM' ? 'DENIED' : 'UNREACHABLE';
  return new SteleError(code, `Nothing answers at ${where} (${errno ?? messageOf(cause)}).`, { cause });
}
