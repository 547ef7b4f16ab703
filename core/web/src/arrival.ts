/** What a browser comes with to the page's door: the secret of a one-time link, or a provider's answer. */
export type Arrival =
  | { readonly kind: 'link'; readonly link: string }
  | { readonly kind: 'answer'; readonly provider: string; readonly answer: Readonly<Record<string, string>> };

/** Reads an arrival out of an address: `/login#link=…`, or `/login/PROVIDER?…`. Pure. */
export function arrivalAt(url: URL): Arrival | undefined {
  if (url.pathname === '/login') {
    // Behind `#`, so no server log and no referrer has it.
    const link = new URLSearchParams(url.hash.slice(1)).get('link');
    return link === null ? undefined : { kind: 'link', link };
  }
  const [, provider] = /^\/login\/([\w.~-]+)$/.exec(url.pathname) ?? [];
  if (provider === undefined) return undefined;
  return { kind: 'answer', provider, answer: answerIn(url.searchParams) };
}

/** An answer that says something twice says nothing: which of the two counts must not depend on who reads it. */
function answerIn(query: URLSearchParams): Record<string, string> {
  const names = [...query.keys()];
  return new Set(names).size === names.length ? Object.fromEntries(query) : {};
}

/** A place of this page, or `/` for anything that could lead elsewhere. Pure. */
export function placeWithin(origin: string, kept: string | null): string {
  if (kept === null || !/^\/(?![/\\])/.test(kept) || /[\\\p{C}]/u.test(kept)) return '/';
  const url = new URL(kept, origin);
  if (url.origin !== origin || /^\/login(\/|$)/.test(url.pathname)) return '/';
  const place = url.pathname + url.search;
  // `/.//x` has become `//x`.
  return place.startsWith('//') ? '/' : place;
}

const placeKey = 'stele.place';

/** Reads and removes what the browser came with; the address becomes where the user was before they left. */
export function takeArrival(): Arrival | undefined {
  const url = new URL(location.href);
  if (!/^\/login(\/|$)/.test(url.pathname)) return undefined;
  const arrival = arrivalAt(url);
  const kept = sessionStorage.getItem(placeKey);
  sessionStorage.removeItem(placeKey);
  history.replaceState(null, '', placeWithin(url.origin, arrival?.kind === 'answer' ? kept : null));
  return arrival;
}

/** Leaves the page for a provider's; the browser comes back to this place. */
export function leaveFor(url: string): void {
  const target = new URL(url);
  if (!/^https?:$/.test(target.protocol)) throw new Error('A provider leads to something that is no web page.');
  sessionStorage.setItem(placeKey, location.pathname + location.search);
  location.assign(target);
}
