import type { ByteRange } from '@stele/sdk';

/** What a `Range` header asks of a file: the bytes, all of it (`undefined`), or nothing that exists. */
export type RangeAnswer = { readonly start: number; readonly end: number } | 'unsatisfiable' | undefined;

/** Reads a single-range header (RFC 9110 §14); anything else means the whole file. */
export function parseRange(header: string | undefined, size: number): RangeAnswer {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [first, last] = [match[1] ?? '', match[2] ?? ''];
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  return start >= size || end < start ? 'unsatisfiable' : { start, end };
}

/** Bytes in a range. */
export const lengthOf = (range: Required<ByteRange>): number => range.end - range.start + 1;
