/**
 * What went wrong, in one word that code can act on.
 *
 * | code | meaning | what the caller does |
 * |---|---|---|
 * | `UNREACHABLE` | nothing answered, or not in time | try again later |
 * | `DENIED` | it answered, and refused this identity | fix credentials or rights |
 * | `INVALID` | a value is wrong; `field` names it | correct the value |
 * | `LIMIT` | a quota, a full disk, too many of something | free room or wait |
 * | `NOT_FOUND` | the thing named is not there | name another |
 * | `UNSUPPORTED` | this implementation can't do that | choose another way |
 * | `CONFLICT` | it exists already, or is in a state that forbids this | look first |
 * | `PROTOCOL` | an answer that can't be understood; `raw` holds it | report it |
 */
export type ErrorCode =
  'UNREACHABLE' | 'DENIED' | 'INVALID' | 'LIMIT' | 'NOT_FOUND' | 'UNSUPPORTED' | 'CONFLICT' | 'PROTOCOL';

/** Details that may accompany a {@link SteleError}. */
export interface ErrorDetails {
  /** Path of the wrong value in the caller's input, e.g. `options.memory`. */
  readonly field?: string;
  /** What the other side said, cut to at most 4,096 characters. */
  readonly raw?: string;
  /** The error that led to this one. */
  readonly cause?: unknown;
}

const brand = Symbol.for('stele:error');
const rawLimit = 4096;

/**
 * The one error class of the contract. Told apart by {@link isSteleError}, never by `instanceof`, so that two copies of
 * the SDK agree. The message is a sentence for a person: what happened, and what to do.
 */
export class SteleError extends Error {
  /** What went wrong, for code. */
  readonly code: ErrorCode;
  /** Path of the wrong value, when one value is to blame. */
  readonly field: string | undefined;
  /** What the other side said, when it helps. */
  readonly raw: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'SteleError';
    this.code = code;
    this.field = details.field;
    this.raw = details.raw?.slice(0, rawLimit);
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether `error` is a {@link SteleError} of any copy of the SDK. */
export function isSteleError(error: unknown): error is SteleError {
  return typeof error === 'object' && error !== null && brand in error;
}

/** Whether `error` is a {@link SteleError} with one of `codes`. */
export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is SteleError {
  return isSteleError(error) && codes.includes(error.code);
}

/** The words of any thrown value. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
