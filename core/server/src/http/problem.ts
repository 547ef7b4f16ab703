import { STATUS_CODES } from 'node:http';
import { type ErrorCode, isSteleError } from '@stele/sdk';
import type { Problem } from '@stele/sdk/api';

/** Codes of the HTTP layer's own, beside those of the contract. */
export type ProblemCode =
  ErrorCode | 'UNAUTHENTICATED' | 'FORGED' | 'ACCOUNT_EXISTS' | 'METHOD' | 'TOO_LARGE' | 'RATE_LIMIT' | 'INTERNAL';

const statuses: Record<ProblemCode, number> = {
  INVALID: 400,
  UNAUTHENTICATED: 401,
  DENIED: 403,
  FORGED: 403,
  NOT_FOUND: 404,
  METHOD: 405,
  CONFLICT: 409,
  ACCOUNT_EXISTS: 409,
  TOO_LARGE: 413,
  LIMIT: 507,
  UNSUPPORTED: 422,
  RATE_LIMIT: 429,
  PROTOCOL: 502,
  UNREACHABLE: 503,
  INTERNAL: 500,
};

/** An error that the HTTP layer itself raises. */
export class HttpError extends Error {
  readonly code: ProblemCode;
  readonly field: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ProblemCode, message: string, details: { field?: string; headers?: Record<string, string> } = {}) {
    super(message);
    this.name = 'HttpError';
    this.code = code;
    this.field = details.field;
    this.headers = details.headers ?? {};
  }
}

/** Whether an error is the caller's or the world's, rather than a bug of ours. */
export function isExpected(error: unknown): boolean {
  return error instanceof HttpError || isSteleError(error);
}

/** Writes any error as problem JSON. What isn't expected keeps its words to itself: they are for the log. */
export function problemOf(error: unknown, requestId: string): Problem {
  if (error instanceof HttpError || isSteleError(error)) {
    return problem(error.code, error.message, requestId, error.field);
  }
  return problem('INTERNAL', 'Something went wrong on the server. Its log has the details.', requestId);
}

function problem(code: ProblemCode, detail: string, requestId: string, field?: string): Problem {
  const status = statuses[code];
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: 'about:blank', title, status, code, detail, ...(field === undefined ? {} : { field }), requestId };
}
