/** What tells whether a request was made by a page of the task's own origin. Header values as they came. */
export interface RequestSource {
  readonly method: string;
  readonly origin: string | undefined;
  readonly fetchSite: string | undefined;
  readonly fetchMode: string | undefined;
  readonly fetchDest: string | undefined;
}

const harmless = new Set(['GET', 'HEAD']);
const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether another site's page, a sibling task's for instance, made the request. Tasks are the same *site* for the
 * browser, so `SameSite` alone would let one task drive another with the user's cookie. Only following a link is fine.
 */
export function isForeign(source: RequestSource, ownOrigin: string): boolean {
  if (source.fetchSite !== undefined) return !isOwnSite(source.fetchSite) && !isLinkFollowed(source);
  if (source.origin === undefined || source.origin === ownOrigin) return false;
  return !reading.has(source.method);
}

function isOwnSite(site: string): boolean {
  return site === 'same-origin' || site === 'none';
}

function isLinkFollowed(source: RequestSource): boolean {
  return harmless.has(source.method) && source.fetchMode === 'navigate' && source.fetchDest === 'document';
}
