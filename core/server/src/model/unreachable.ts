import { isSteleError } from '@stele/sdk';
import { databaseUnreachable, valueInvalid } from './errors.ts';

const networkCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Admin shutdown, crash, not yet started, too many connections, idle connection ended by the server. */
const serverCodes = new Set(['57P01', '57P02', '57P03', '57P05', '53300']);

/** What `pg` 8.23 and `pg-pool` say without a code. */
const words = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'connection error and is not queryable',
  'Query read timeout',
  'timeout expired',
  'Cannot use a pool after calling end',
  'Client was closed and is not queryable',
];

/** Whether `error` says that the database could not be talked to, rather than that it refused. */
export function isUnreachable(error: unknown): boolean {
  if (error instanceof AggregateError) return error.errors.some(isUnreachable);
  if (!(error instanceof Error)) return false;
  const code = (error as { code?: unknown }).code;
  if (typeof code === 'string' && (networkCodes.has(code) || serverCodes.has(code) || code.startsWith('08')))
    return true;
  return words.some((text) => error.message.includes(text));
}

/** PostgreSQL's class 22, data exception: a value that no column of that kind holds. */
function isBadValue(error: unknown): error is Error {
  return error instanceof Error && /^22[0-9A-Z]{3}$/.test(String((error as { code?: unknown }).code));
}

/** The error that callers see: UNREACHABLE when the database could not be talked to, INVALID for a value; else the same. */
export function translate(error: unknown): unknown {
  if (isSteleError(error)) return error;
  if (isUnreachable(error)) return databaseUnreachable(error);
  return isBadValue(error) ? valueInvalid(error) : error;
}
