import { SteleError } from '@stele/sdk';
import { invalid } from '../errors.ts';
import { parsePublicKey, type PublicKey } from './public-key.ts';
import { canVerify } from './signature.ts';

/** A key by which a host is known: its own, or that of somebody who signs those of hosts. */
export interface Pin extends PublicKey {
  /** Default: no. */
  readonly isAuthority?: boolean;
}

/**
 * Reads pinned keys: lines as in `known_hosts`, without the host.
 * @param field what to blame
 * @throws INVALID for what is no key; UNSUPPORTED for an authority whose signatures can't be verified
 */
export function parsePins(lines: readonly string[], field: string): readonly Pin[] {
  return lines.map((line) => parsePin(line.trim(), field));
}

const authority = '@cert-authority';

function parsePin(line: string, field: string): Pin {
  const isAuthority = line.startsWith(`${authority} `);
  const key = parsePublicKey(isAuthority ? line.slice(authority.length) : line);
  if (key === undefined) {
    throw invalid(
      field,
      `“${line.slice(0, 60)}” is not a host key: write it as “ssh-ed25519 AAAA…”, without the host.`,
    );
  }
  if (!isAuthority) return key;
  if (canVerify(key.type)) return { ...key, isAuthority };
  throw new SteleError('UNSUPPORTED', `Signatures of an authority with a ${key.type} key can’t be verified.`, {
    field,
  });
}

/** Those that sign keys of hosts. */
export function authoritiesOf(pins: readonly Pin[]): readonly Pin[] {
  return pins.filter(({ isAuthority }) => isAuthority === true);
}

/** Whether a key is among those that are trusted: an authority's is no host's. */
export function isPinned(pins: readonly Pin[], blob: Buffer): boolean {
  return pins.some((pin) => pin.isAuthority !== true && pin.blob.equals(blob));
}

/** Host key algorithms, best first, as OpenSSH prefers them. None with SHA-1. */
const algorithms = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
] as const;

export type HostKeyAlgorithm = (typeof algorithms)[number];

/** What to ask a host for: keys of the types that are pinned first, so that it shows one that we can know. */
export function hostKeyAlgorithms(pins: readonly Pin[]): HostKeyAlgorithm[] {
  const types = new Set(pins.filter(({ isAuthority }) => isAuthority !== true).map(({ type }) => type));
  const isKnown = (name: HostKeyAlgorithm) => types.has(name.startsWith('rsa-') ? 'ssh-rsa' : name);
  return [...algorithms.filter(isKnown), ...algorithms.filter((name) => !isKnown(name))];
}
