/** What the guard looks at, as plain data. Header values as they came; `undefined` when absent. */
export interface GuardFacts {
  readonly method: string;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
  /** Value of `X-CSRF-Token`. */
  readonly token: string | undefined;
  /** The session's token; `undefined` without a session. */
  readonly sessionToken: string | undefined;
  /** Authenticated by a bearer token, which no other site can make a browser send. */
  readonly isBearer: boolean;
  /** The platform's own origin. */
  readonly ownOrigin: string;
}

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Why a request may be forged by another site, or `undefined` when it is ours. Exact comparisons only; `Sec-Fetch-Mode`
 * never makes up for a wrong `Sec-Fetch-Site`.
 */
export function forgery(facts: GuardFacts): string | undefined {
  if (reading.has(facts.method) || facts.isBearer) return undefined;
  if (facts.fetchSite !== undefined && facts.fetchSite !== 'same-origin') return 'It comes from another site.';
  if (facts.fetchMode === 'no-cors' || facts.fetchMode === 'navigate') return 'It was not made by the platform’s page.';
  if (facts.origin !== undefined && facts.origin !== facts.ownOrigin) return 'It comes from another origin.';
  if (facts.sessionToken !== undefined && facts.token !== facts.sessionToken)
    return 'Its X-CSRF-Token is missing or old.';
  return undefined;
}

/** Whether a `Host` header names the platform itself: exactly, port included. */
export function isOwnHost(host: string | undefined, ownHosts: readonly string[]): boolean {
  return host !== undefined && ownHosts.includes(host.toLowerCase());
}
