/** What may be said of an error of the library: codes and names; its messages and causes carry tokens and codes. */
export interface Failure {
  readonly why: string;
  /** Whether the provider could not be reached, rather than answered wrongly. */
  readonly isAway: boolean;
}

interface Known {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly error?: unknown;
  readonly cause?: unknown;
  readonly status?: unknown;
  readonly claim?: unknown;
}

const away = new Set(['OAUTH_TIMEOUT', 'OAUTH_ABORT', 'TimeoutError', 'AbortError']);

/** Codes and names of an error and of what caused it, without a value of anybody's. Pure. */
export function failureOf(error: unknown): Failure {
  const chain = chainOf(error);
  const words = chain.flatMap(({ code, error: said, claim, status }) => [code, said, claim, status]).filter(isWord);
  const isAway = chain.some(
    (one) => isNetwork(one) || away.has(String(one.code)) || away.has(String(one.name)) || isBroken(one),
  );
  const why = [...new Set(words.map(String))].join(', ') || (isAway ? 'no answer' : 'unknown');
  return { why, isAway };
}

function chainOf(error: unknown): Known[] {
  const chain: Known[] = [];
  for (let next = error; typeof next === 'object' && next !== null && chain.length < 5; next = (next as Known).cause) {
    chain.push(next as Known);
  }
  return chain;
}

/** Of the kinds that codes are of; `error` of an answer is whatever somebody wrote into an address. */
function isWord(value: unknown): boolean {
  return typeof value === 'number' || (typeof value === 'string' && /^[A-Za-z][A-Za-z_]{1,50}$/.test(value));
}

/** What fetch throws: its own TypeError with the socket's error as cause. */
function isNetwork(one: Known): boolean {
  return one instanceof TypeError && one.cause !== undefined;
}

/** An answer, but from something in front of it. */
function isBroken({ status }: Known): boolean {
  return typeof status === 'number' && status >= 500;
}
