import { bytesInWords, memoryInWords } from '../sizes.ts';
import { regional, wordsLocale } from './regional.ts';

/** A language, e.g. `it-IT`; `undefined` = the user's, see {@link regional}. */
export type Locale = string | undefined;

/** A size in words: `1.4 GB`. Decimal units, as disks and networks are sold. */
export function formatBytes(bytes: number, locale: Locale = regional().locale): string {
  return bytesInWords(bytes, locale ?? []);
}

/** A memory size in the binary units that schedulers and engines mean: `4 GiB`. */
export function formatMemory(bytes: number, locale: Locale = regional().locale): string {
  return memoryInWords(bytes, locale ?? []);
}

const durationParts: readonly (readonly [unit: 'day' | 'hour' | 'minute' | 'second', seconds: number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];

/** A duration in its two largest units: `2 hr 5 min`. */
export function formatDuration(seconds: number, locale: Locale = wordsLocale()): string {
  let rest = Math.max(0, Math.round(seconds));
  const first = durationParts.findIndex(([, size]) => rest >= size);
  const parts = durationParts.slice(first === -1 ? 3 : first).slice(0, 2);
  const words: string[] = [];
  for (const [unit, size] of parts) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 || (words.length === 0 && unit === 'second')) words.push(inUnit(count, unit, locale));
  }
  return words.join(' ');
}

function inUnit(count: number, unit: string, locale: Locale): string {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'short' }).format(count);
}

/** How far a moment is from another: `5 minutes ago`, `in 2 hours`, `now`. */
export function formatRelative(moment: Date, now: Date, locale: Locale = wordsLocale()): string {
  const seconds = Math.round((moment.getTime() - now.getTime()) / 1000);
  const words = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  if (Math.abs(seconds) < 45) return words.format(0, 'second');
  const [unit, size] = relativeUnit(Math.abs(seconds));
  return words.format(Math.round(seconds / size), unit);
}

function relativeUnit(seconds: number): [unit: Intl.RelativeTimeFormatUnit, size: number] {
  if (seconds < 45 * 60) return ['minute', 60];
  if (seconds < 22 * 3600) return ['hour', 3600];
  if (seconds < 26 * 86_400) return ['day', 86_400];
  if (seconds < 320 * 86_400) return ['month', 30.44 * 86_400];
  return ['year', 365.25 * 86_400];
}

/** A moment to the second in the user's zone, with the zone's name: for hovering, and for logs. */
export function formatExact(
  moment: Date,
  locale: Locale = regional().locale,
  timeZone: string | undefined = regional().timeZone,
): string {
  const options: Intl.DateTimeFormatOptions = {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  };
  return dateFormat(locale, timeZone, options).format(moment);
}

/** A moment in few characters, for columns: the time for today, the day for this year, and the year before that. */
export function formatWhen(
  moment: Date,
  now: Date = new Date(),
  locale: Locale = regional().locale,
  timeZone: string | undefined = regional().timeZone,
): string {
  if (Number.isNaN(moment.getTime())) return '';
  const day = dateFormat('en', timeZone, { year: 'numeric', month: 'numeric', day: 'numeric' });
  const isToday = day.format(moment) === day.format(now);
  const isThisYear = day.format(moment).slice(-4) === day.format(now).slice(-4);
  return dateFormat(locale, timeZone, isToday ? time : isThisYear ? dayAndTime : dayAndYear).format(moment);
}

const time: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const dayAndTime: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', ...time };
const dayAndYear: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' };

const dateFormats = new Map<string, Intl.DateTimeFormat>();

/** Formats are dear to make and asked for by every row: each is made once. */
function dateFormat(
  locale: Locale,
  timeZone: string | undefined,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const all = timeZone === undefined ? options : { ...options, timeZone };
  const key = JSON.stringify([locale, all]);
  const format = dateFormats.get(key) ?? new Intl.DateTimeFormat(locale, all);
  dateFormats.set(key, format);
  return format;
}

/** A number in the user's language. */
export function formatNumber(value: number, locale: Locale = regional().locale): string {
  return new Intl.NumberFormat(locale).format(value);
}

/** One or many, by the language's rules for English: `plural(3, 'task', 'tasks')` → `3 tasks`. */
export function plural(count: number, one: string, many: string): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}
