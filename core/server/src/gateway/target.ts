/**
 * Checks request targets. What is authorised is what is forwarded, byte for byte; a target that two programs could read
 * as two different paths is refused, because one of them could be reserved.
 */

/** Paths below it are the gateway's own; a task never sees them. */
export const reserved = '/.stele/';

const longest = 16_384;
/** No percent sign, no backslash, no segment that begins with a dot: the common case, decided in one step. */
const plain = /^\/(?![/.])(?:(?!\/\.)[!"$&-[\]-~])*$/;
const printable = /^[!"$-~]+$/;
const dotSegment = /(?:^|\/)\.{1,2}(?:\/|$)/;

/** Why `target` is refused, or `undefined` when it is fine. */
export function refuseTarget(target: string): string | undefined {
  if (target.length > longest) return 'The address is too long.';
  const path = pathOf(target);
  if (plain.test(path) && printable.test(target)) return undefined;
  return refuseUnusual(target, path);
}

function refuseUnusual(target: string, path: string): string | undefined {
  if (!path.startsWith('/')) return 'The address must be a path.';
  if (!printable.test(target)) return 'The address has characters that must be encoded.';
  if (path.includes('\\')) return 'The address has a backslash.';
  return refuseDecoded(path);
}

function refuseDecoded(path: string): string | undefined {
  if (/%(?![0-9a-f]{2})/i.test(path)) return 'The address has a broken percent encoding.';
  if (/%(?:[01][0-9a-f]|7f)/i.test(path)) return 'The address has encoded control characters.';
  const read = path.replace(/%(?:2f|5c)/gi, '/').replace(/%2e/gi, '.');
  if (read.startsWith('//')) return 'The address begins with two slashes.';
  if (dotSegment.test(read)) return 'The address has dot segments.';
  if (isReservedInDisguise(path, read)) return 'The address is ambiguous.';
  return undefined;
}

function isReservedInDisguise(path: string, read: string): boolean {
  const first = decodeLetters(read).toLowerCase();
  const isReserved = first.startsWith(reserved) || first === reserved.slice(0, -1);
  return isReserved && !path.startsWith(reserved);
}

function decodeLetters(path: string): string {
  return path.replace(/%([2-7][0-9a-f])/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** The target without its query. */
export function pathOf(target: string): string {
  const mark = target.indexOf('?');
  return mark < 0 ? target : target.slice(0, mark);
}

/** Whether `path` may be the place where someone lands after entering: a path of the task's own origin, nothing else. */
export function isSafeLanding(path: string): boolean {
  return path.length <= 2048 && refuseTarget(path) === undefined && !path.startsWith(reserved);
}
