import type { Unsubscribe } from './context.ts';

/** How the user wants dates, times and numbers written. Absent parts mean: as the browser does. */
export interface Regional {
  /** BCP 47, e.g. `it` or `en-GB`. */
  readonly locale?: string | undefined;
  /** IANA name, e.g. `Europe/Rome`. */
  readonly timeZone?: string | undefined;
}

// The languages that the page's own sentences are written in.
const spoken: readonly string[] = ['en'];

let current: Regional = {};
const listeners = new Set<() => void>();

/** What holds now; the formatters use it where a call names nothing else. */
export function regional(): Regional {
  return current;
}

/** For the page alone, which knows whose it is. What this browser does not know is left to the browser. */
export function setRegional(wish: Regional): void {
  const next = {
    locale: inRegion(known(wish.locale, (locale) => Intl.getCanonicalLocales(locale))),
    timeZone: known(wish.timeZone, (timeZone) => new Intl.DateTimeFormat('en', { timeZone })),
  };
  if (next.locale === current.locale && next.timeZone === current.timeZone) return;
  current = next;
  for (const listener of [...listeners]) listener();
}

/** Told when another language or zone holds. */
export function onRegionalChange(listener: () => void): Unsubscribe {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/**
 * The language of words that stand within the page's own sentences (`5 minutes ago`): the user's where the page speaks it,
 * else the page's. It is also the document's `lang`, by which screen readers choose their voice.
 */
export function wordsLocale(locale: string | undefined = current.locale ?? browserLanguage()): string {
  const isSpoken = locale !== undefined && spoken.includes(locale.split('-')[0] ?? '');
  return isSpoken ? locale : (spoken[0] ?? 'en');
}

/** A language without a region is written as in the browser's region, where that is of the same language: 14:20, not 2:20 PM. */
function inRegion(locale: string | undefined): string | undefined {
  const browser = browserLanguage();
  return locale !== undefined && browser?.startsWith(`${locale}-`) ? browser : locale;
}

function browserLanguage(): string | undefined {
  return globalThis.navigator?.language;
}

function known(value: string | undefined, check: (value: string) => unknown): string | undefined {
  if (value === undefined) return undefined;
  try {
    check(value);
    return value;
  } catch {
    // A zone or language that the server knows and this browser doesn't.
    return undefined;
  }
}
