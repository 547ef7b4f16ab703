import type { PanelItem } from '@stele/sdk/api';
import type { Navigation, Target } from '@stele/sdk/web';
import { hrefOf, placeOf, slugOf, slugsOf, type Place } from './router.ts';

/** Moves through the page by the browser's history. */
export class BrowserNavigation implements Navigation {
  #slugs: ReadonlyMap<string, PanelItem> = new Map();
  readonly #onMove: () => void;

  /** @param onMove called after each change of the address */
  constructor(onMove: () => void) {
    this.#onMove = onMove;
  }

  /** Where the user is. */
  get place(): Place {
    return placeOf(new URL(location.href));
  }

  /** The panels by the first part of their addresses. */
  get slugs(): ReadonlyMap<string, PanelItem> {
    return this.#slugs;
  }

  /** Tells which panels there are. */
  setPanels(panels: readonly PanelItem[]): void {
    this.#slugs = slugsOf(panels);
  }

  href(target: Target): string {
    return hrefOf(target, this.#slugs);
  }

  go(target: Target, options: { readonly replace?: boolean } = {}): void {
    this.visit(this.href(target), options);
  }

  hasPanel(id: string): boolean {
    return this.#slugs.has(slugOf(id, this.#slugs));
  }

  /** Goes to an address of the page. */
  visit(href: string, { replace = false }: { readonly replace?: boolean } = {}): void {
    const isHere = href === location.pathname + location.search;
    if (replace || isHere) history.replaceState(null, '', href);
    else history.pushState(null, '', href);
    this.#onMove();
  }

  /** Listens to back, forward, and clicks on links. @returns what ends it */
  listen(): () => void {
    const ends = new AbortController();
    addEventListener('popstate', () => this.#onMove(), { signal: ends.signal });
    addEventListener('click', (event) => this.#clicked(event), { signal: ends.signal });
    return () => ends.abort();
  }

  #clicked(event: MouseEvent): void {
    const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    if (event.defaultPrevented || !isPlain) return;
    const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement);
    if (!link || link.origin !== location.origin || link.target !== '' || link.hasAttribute('download')) return;
    if (!this.#isOurs(link.pathname)) return;
    event.preventDefault();
    this.visit(link.pathname + link.search);
  }

  /** Only addresses of panels stay in the page; everything else is the server's. */
  #isOurs(pathname: string): boolean {
    const { slug } = placeOf(new URL(pathname, location.href));
    return slug === '' || this.#slugs.has(slug);
  }
}
