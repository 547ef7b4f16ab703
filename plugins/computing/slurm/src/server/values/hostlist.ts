import { splitOutside } from './split-outside.ts';

/** More names than this are nobody's to read; a list that would be longer is cut. */
const most = 10_000;
/** Characters of a host's name (RFC 1035). */
const longest = 255;

/** The hosts of a list as Slurm writes it: `rack[1-2]n[01-03],login`. */
export function parseHostlist(text: string): readonly string[] {
  if (/^(?:\(null\)|N\/A|n\/a|None assigned|)$/.test(text.trim())) return [];
  return first(Iterator.from(splitOutside(text.trim(), '[', ']')).flatMap(expand));
}

/** One by one: a few brackets in a row may stand for more names than fit into memory. */
function* expand(pattern: string): Generator<string> {
  const [, before = '', ranges, after = ''] = /^([^[]*)\[([^\]]*)\](.*)$/.exec(pattern) ?? [];
  if (ranges === undefined) return yield pattern;
  const ends = first(expand(after));
  for (const range of ranges.split(',')) {
    for (const number of numbers(range)) for (const end of ends) yield `${before}${number}${end}`;
  }
}

/** `08-10` → `08`, `09`, `10`: leading zeros are part of the name. */
function* numbers(range: string): Generator<string> {
  const [, from, to] = /^(\d{1,20})-(\d{1,20})$/.exec(range) ?? [];
  if (from === undefined || to === undefined) return yield range;
  for (let number = Number(from); number <= Number(to); number += 1) yield String(number).padStart(from.length, '0');
}

function first(names: Iterable<string>): readonly string[] {
  return Iterator.from(names)
    .filter(({ length }) => length <= longest)
    .take(most)
    .toArray();
}
