import { SteleError } from '@stele/sdk';
import { invalid } from '../errors.ts';
import { parsePublicKey, type PublicKey } from './public-key.ts';

/**
 * Reads pinned keys: lines as in `known_hosts`, without the host.
 * @param field what to blame
 * @throws INVALID for what is no key; UNSUPPORTED for certificate authorities
 */
export function parsePins(lines: readonly string[], field: string): readonly PublicKey[] {
  return lines.map((line) => parsePin(line, field));
}

function parsePin(line: string, field: string): PublicKey {
  if (line.trim().startsWith('@cert-authority')) {
    const words =
      'Host certificates can’t be checked by this access method yet: pin the host’s own key in place of the authority’s.';
    throw new SteleError('UNSUPPORTED', words, { field });
  }
  const key = parsePublicKey(line);
  if (key === undefined) {
    throw invalid(
      field,
      `“${line.slice(0, 60)}” is not a host key: write it as “ssh-ed25519 AAAA…”, without the host.`,
    );
  }
  return key;
}

/** Whether a key is among those that are trusted. */
export function isPinned(pins: readonly PublicKey[], blob: Buffer): boolean {
  return pins.some((pin) => pin.blob.equals(blob));
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
export function hostKeyAlgorithms(pins: readonly PublicKey[]): HostKeyAlgorithm[] {
  const types = new Set(pins.map((pin) => pin.type));
  const isKnown = (name: HostKeyAlgorithm) => types.has(name.startsWith('rsa-') ? 'ssh-rsa' : name);
  return [...algorithms.filter(isKnown), ...algorithms.filter((name) => !isKnown(name))];
}
