const second = 1;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** What Slurm writes for a time without end, and for one that nobody knows. */
const words: Readonly<Record<string, number>> = { unlimited: Infinity, infinite: Infinity, partition_limit: Infinity };

/**
 * Reads a time limit as Slurm writes it, in seconds: `minutes`, `minutes:seconds`, `hours:minutes:seconds`, `days-hours`,
 * `days-hours:minutes`, `days-hours:minutes:seconds`. `undefined` for what says nothing (`N/A`, `NONE`) or isn't one.
 */
export function parseDuration(text: string): number | undefined {
  const word = words[text.trim().toLowerCase()];
  if (word !== undefined) return word;
  const [, days, rest = ''] = /^(?:(\d+)-)?(\d+(?::\d+){0,2})$/.exec(text.trim()) ?? [];
  if (rest === '') return undefined;
  const [first = 0, then = 0, last = 0] = rest.split(':').map(Number);
  if (days !== undefined) return Number(days) * day + first * hour + then * minute + last;
  if (rest.split(':').length === 3) return first * hour + then * minute + last;
  return first * minute + then;
}

/** Minutes, rounded up, since Slurm keeps no seconds. */
export function minutesOf(seconds: number): number {
  return Math.max(1, Math.ceil(seconds / minute));
}

/** A limit for `--time`. */
export function formatMinutes(seconds: number): string {
  return String(minutesOf(seconds));
}

/** A moment by seconds since 1970, as Slurm writes it under `SLURM_TIME_FORMAT=%s`, in ISO 8601. Nothing for `N/A`, `Unknown`. */
export function parseMoment(text: string): string | undefined {
  const seconds = /^\d{1,11}$/.test(text.trim()) ? Number(text) : 0;
  return seconds === 0 ? undefined : new Date(seconds * 1000).toISOString();
}

/** A time for people: `2 days 3 hours`, `10 minutes`. */
export function durationWords(seconds: number): string {
  if (!Number.isFinite(seconds)) return 'no limit';
  const units = [
    ['day', day],
    ['hour', hour],
    ['minute', minute],
    ['second', second],
  ] as const;
  const parts = units.map(([name, size], index) => {
    const above = units[index - 1]?.[1] ?? Infinity;
    const count = Math.floor((Number.isFinite(above) ? seconds % above : seconds) / size);
    return { count, text: `${count} ${name}${count === 1 ? '' : 's'}` };
  });
  return parts.flatMap(({ count, text }) => (count > 0 ? [text] : [])).join(' ') || '0 seconds';
}
