import type { Route, Target } from '@stele/sdk/web';

/** What is needed of a panel to give it an address. */
export interface Addressed {
  /** `<plugin>/<panel>`. */
  readonly id: string;
}

/** A place in the page: which panel, and where below it. */
export interface Place extends Route {
  /** First part of the path; empty at home. */
  readonly slug: string;
}

const pattern = new URLPattern({ pathname: '/:slug?{/*}?' });

/** Reads an address. */
export function placeOf(url: URL): Place {
  const groups = pattern.exec({ pathname: url.pathname })?.pathname.groups ?? {};
  return { slug: decoded(groups['slug']), path: partsOf(groups['0']), query: url.searchParams };
}

function partsOf(rest: string | undefined): readonly string[] {
  return (rest ?? '').split('/').filter(Boolean).map(decoded);
}

function decoded(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    // A stray % that somebody typed: taken as it stands.
    return part ?? '';
  }
}

/**
 * First parts of the addresses, by panel: the panel's own short id where no other panel uses the same, else
 * `plugin~panel`. Short addresses are for people; the long ones keep two plugins from taking each other's.
 */
export function slugsOf<P extends Addressed>(panels: readonly P[]): ReadonlyMap<string, P> {
  const count = new Map<string, number>();
  for (const panel of panels) count.set(shortId(panel.id), (count.get(shortId(panel.id)) ?? 0) + 1);
  return new Map(
    panels.map((panel) => {
      const short = shortId(panel.id);
      return [count.get(short) === 1 ? short : panel.id.replace('/', '~'), panel];
    }),
  );
}

/** Address of a place. */
export function hrefOf(target: Target, slugs: ReadonlyMap<string, Addressed>): string {
  const path = [slugOf(target.panel, slugs), ...(target.path ?? [])].map(encodeURIComponent).join('/');
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(target.query ?? {})) if (value !== undefined) search.set(key, value);
  const query = search.toString();
  return `/${path}${query === '' ? '' : `?${query}`}`;
}

/** First part of the address of a panel, by its full or short id; of one that isn't there, its id. */
export function slugOf(id: string | undefined, slugs: ReadonlyMap<string, Addressed>): string {
  if (id === undefined) return '';
  const found = [...slugs].find(([slug, panel]) => panel.id === id || slug === id);
  return found?.[0] ?? shortId(id);
}

function shortId(id: string): string {
  return id.slice(id.indexOf('/') + 1);
}
