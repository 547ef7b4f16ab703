import { splitOutside } from './split-outside.ts';

/** More names than this are nobody's to read; a list that would be longer is cut. */
const most = 10_000;

/** The hosts of a list as Slurm writes it: `rack[1-2]n[01-03],login`. */
export function parseHostlist(text: string): readonly string[] {
  if (/^(?:\(null\)|N\/A|n\/a|None assigned|)$/.test(text.trim())) return [];
  return splitOutside(text.trim(), '[', ']').flatMap(expand).slice(0, most);
}

function expand(pattern: string): readonly string[] {
  const [, before = '', ranges, after = ''] = /^([^[]*)\[([^\]]*)\](.*)$/.exec(pattern) ?? [];
  if (ranges === undefined) return [pattern];
  const ends = expand(after);
  return ranges
    .split(',')
    .flatMap(numbers)
    .flatMap((number) => ends.map((end) => `${before}${number}${end}`))
    .slice(0, most);
}

/** `08-10` → `08`, `09`, `10`: leading zeros are part of the name. */
function numbers(range: string): readonly string[] {
  const [, from, to] = /^(\d+)-(\d+)$/.exec(range) ?? [];
  if (from === undefined || to === undefined) return [range];
  const count = Math.min(most, Math.max(0, Number(to) - Number(from) + 1));
  return Array.from({ length: count }, (_, step) => String(Number(from) + step).padStart(from.length, '0'));
}
