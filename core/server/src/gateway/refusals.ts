/** Everything that the gateway answers instead of the task. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  /** For a person: what is the matter and what to do. */
  readonly detail: string;
  /** Seconds after which to try again; a page tries by itself. */
  readonly retryAfter?: number;
}

export const wrongHost: Refusal = {
  status: 421,
  code: 'NOT_FOUND',
  title: 'No task here',
  detail: 'No task has this address. Open the task from the platform’s page.',
};

export const badTarget = (detail: string): Refusal => ({
  status: 400,
  code: 'INVALID',
  title: 'Not a clear address',
  detail,
});

export const badRequest = (detail: string): Refusal => ({
  status: 400,
  code: 'INVALID',
  title: 'Not a clear request',
  detail,
});

export const badMethod: Refusal = {
  status: 405,
  code: 'METHOD',
  title: 'Not possible',
  detail: 'This method is not allowed here.',
};

export const badCoding: Refusal = {
  status: 501,
  code: 'UNSUPPORTED',
  title: 'Not possible',
  detail: 'Bodies may be chunked, and nothing else.',
};

export const badUpgrade: Refusal = {
  status: 501,
  code: 'UNSUPPORTED',
  title: 'Not possible',
  detail: 'Only WebSockets are carried; no other protocol can be upgraded to.',
};

export const notEntered: Refusal = {
  status: 401,
  code: 'UNAUTHENTICATED',
  title: 'Not connected yet',
  detail: 'To get in, open the task on the platform’s page and press Connect.',
};

export const denied: Refusal = {
  status: 403,
  code: 'DENIED',
  title: 'No longer connected',
  detail: 'Your session has ended, or the task is no longer shared with you. Log in and connect again.',
};

export const badTicket: Refusal = {
  status: 403,
  code: 'DENIED',
  title: 'This link is spent',
  detail: 'A link into a task works once, and for half a minute. Press Connect again.',
};

export const foreign: Refusal = {
  status: 403,
  code: 'FORGED',
  title: 'Not from here',
  detail: 'The request was made by a page of another site.',
};

export const notThere: Refusal = {
  status: 404,
  code: 'NOT_FOUND',
  title: 'Nothing here',
  detail: 'There is nothing at this address.',
};

export const taskGone: Refusal = {
  status: 404,
  code: 'NOT_FOUND',
  title: 'This task is gone',
  detail: 'It was deleted. Start another one on the platform’s page.',
};

export const undecided: Refusal = {
  status: 503,
  code: 'UNREACHABLE',
  title: 'One moment',
  detail: 'The platform can’t check right now whether you may enter. It tries again.',
  retryAfter: 2,
};

export const unreachable: Refusal = {
  status: 503,
  code: 'UNREACHABLE',
  title: 'The task does not answer',
  detail: 'It runs, but no connection could be made. This page tries again by itself.',
  retryAfter: 2,
};

export const cutShort: Refusal = {
  status: 502,
  code: 'PROTOCOL',
  title: 'The task broke off',
  detail: 'It closed the connection before it gave an answer.',
};

export const crowded: Refusal = {
  status: 503,
  code: 'LIMIT',
  title: 'Too many connections',
  detail: 'This task has as many WebSockets open as it may. Close some of its pages.',
  retryAfter: 5,
};
