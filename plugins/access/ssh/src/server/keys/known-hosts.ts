import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Pin } from './pins.ts';
import { parsePublicKey, type PublicKey } from './public-key.ts';
import { canVerify } from './signature.ts';

/** What a `known_hosts` file says about one host. */
export interface Vouched {
  readonly keys: readonly Pin[];
  /** Keys that must not be accepted, whoever else vouches for them. */
  readonly revoked: readonly PublicKey[];
}

/**
 * Keys that the text of a `known_hosts` file (sshd(8)) names for a host: plain and hashed names, patterns, `[host]:port`,
 * `@revoked`, `@cert-authority`. Lines that can't be read are left out.
 */
export function vouchedKeys(text: string, host: string, port: number): Vouched {
  const name = nameOf(host, port);
  const keys: Pin[] = [];
  const revoked: PublicKey[] = [];
  for (const line of text.split('\n')) {
    const [first = '', ...rest] = line.trim().split(/\s+/);
    const marker = first.startsWith('@') ? first : undefined;
    const [names = '', ...key] = marker === undefined ? [first, ...rest] : rest;
    if (first.startsWith('#') || !isNamed(names, name)) continue;
    const parsed = parsePublicKey(key.join(' '));
    if (parsed === undefined) continue;
    if (marker === undefined) keys.push(parsed);
    else if (marker === '@revoked') revoked.push(parsed);
    else if (marker === '@cert-authority' && canVerify(parsed.type)) keys.push({ ...parsed, isAuthority: true });
  }
  return { keys, revoked };
}

function nameOf(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

function isNamed(names: string, name: string): boolean {
  if (names.startsWith('|1|')) return isHashOf(names, name);
  const patterns = names.split(',');
  if (patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), name))) return false;
  return patterns.some((pattern) => !pattern.startsWith('!') && matchesPattern(pattern, name));
}

function isHashOf(hashed: string, name: string): boolean {
  const [, , salt = '', hash = ''] = hashed.split('|');
  const expected = Buffer.from(hash, 'base64');
  const actual = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest();
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

/** Step by step, not by a regular expression: whoever owns the file could make that one take for ever. */
function matchesPattern(pattern: string, name: string): boolean {
  if (pattern === '') return false;
  const wanted = pattern.toLowerCase();
  let [at, star, resume] = [0, -1, 0];
  for (let index = 0; index < name.length;) {
    if (wanted[at] === '*') {
      [star, resume] = [at, index];
      at += 1;
    } else if (wanted[at] === '?' || wanted[at] === name[index]) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      resume += 1;
      [at, index] = [star + 1, resume];
    } else return false;
  }
  return /^\**$/.test(wanted.slice(at));
}
