import type { Problem } from '../../api/index.ts';

const brand = Symbol.for('stele:api-problem');

/** Codes that the client itself gives; every other code is the server's. */
export type ClientCode = 'OFFLINE' | 'BAD_ANSWER';

/** What is known of a request that failed. */
export interface ProblemFacts {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** For programs: the server's code, or a {@link ClientCode}. */
  readonly code: string;
  /** For people: what happened and what to do. */
  readonly detail: string;
  /** Path of the wrong value in what was sent, dotted. */
  readonly field?: string | undefined;
  /** Finds the request in the server's log. */
  readonly requestId?: string | undefined;
}

/** A request that failed, with the words to show. Told apart by {@link isApiProblem}, never by `instanceof`. */
export class ApiProblem extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** For programs: the server's code, or a {@link ClientCode}. */
  readonly code: string;
  /** Path of the wrong value in what was sent, dotted; absent when no single value is to blame. */
  readonly field: string | undefined;
  /** Finds the request in the server's log. */
  readonly requestId: string | undefined;

  constructor(facts: ProblemFacts, cause?: unknown) {
    super(facts.detail, cause === undefined ? undefined : { cause });
    this.name = 'ApiProblem';
    this.status = facts.status;
    this.code = facts.code;
    this.field = facts.field;
    this.requestId = facts.requestId;
    Object.defineProperty(this, brand, { value: true });
  }
}

/** Whether `error` is an {@link ApiProblem} of any copy of the SDK. */
export function isApiProblem(error: unknown): error is ApiProblem {
  return typeof error === 'object' && error !== null && brand in error;
}

/** Whether `error` only says that a signal was aborted: nothing to show. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** Nothing answered. */
export function offlineProblem(cause?: unknown): ApiProblem {
  const detail = 'The server did not answer. Check your connection and try again.';
  return new ApiProblem({ status: 0, code: 'OFFLINE', detail }, cause);
}

/** The problem that an answer's body tells, or the best that its status allows. */
export function problemFrom(status: number, body: string, requestId?: string): ApiProblem {
  const problem = parseProblem(body);
  if (!problem) {
    const detail = `The server answered ${status} without saying why. Try again, or ask the people who run this site.`;
    return new ApiProblem({ status, code: 'BAD_ANSWER', detail, requestId });
  }
  return new ApiProblem({
    status,
    code: problem.code,
    detail: problem.detail ?? problem.title,
    field: problem.field,
    requestId: problem.requestId,
  });
}

function parseProblem(body: string): Problem | undefined {
  try {
    const value = JSON.parse(body) as Partial<Problem> | null;
    const isProblem = typeof value?.code === 'string' && typeof (value.detail ?? value.title) === 'string';
    return isProblem ? (value as Problem) : undefined;
  } catch {
    return undefined;
  }
}
