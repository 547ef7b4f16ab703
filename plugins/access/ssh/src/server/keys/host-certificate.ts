import { type Certificate, roles, whyNotAt } from './certificate.ts';
import { authoritiesOf, isPinned, type Pin } from './pins.ts';
import { fingerprint, type PublicKey } from './public-key.ts';
import { isSignedBy } from './signature.ts';

/** A host, and whom is believed about it. */
export interface Claimed {
  readonly host: string;
  readonly pins: readonly Pin[];
  /** Keys that must not be accepted, whoever vouches for them. */
  readonly revoked?: readonly PublicKey[];
}

/**
 * Why a certificate doesn't prove that a host is who it should be, at a time (ms since 1970), to come after its name; `undefined`
 * when it does. Names are compared as they are: no patterns, and one without names is for nobody.
 */
export function whyNotBelieved(certificate: Certificate, claimed: Claimed, now: number): string | undefined {
  const { authority, signed, signature, role, criticalOptions } = certificate;
  const { pins, revoked = [] } = claimed;
  if (isPinned(revoked, certificate.key) || isPinned(revoked, authority)) return 'is revoked';
  if (!authoritiesOf(pins).some(({ blob }) => blob.equals(authority)))
    return `is signed by an authority that is not pinned (${fingerprint(authority)})`;
  if (!isSignedBy(authority, signed, signature)) return 'is not signed by the authority that it names';
  if (role !== roles.host) return 'is not one for hosts';
  if (criticalOptions.length > 0) return `has conditions that are not known here (${criticalOptions.join(', ')})`;
  return whyNotAt(certificate, now) ?? whyNotFor(certificate, claimed.host.toLowerCase());
}

function whyNotFor({ principals }: Certificate, host: string): string | undefined {
  if (principals.length === 0) return 'names no host';
  if (principals.includes(host)) return undefined;
  return `is for ${principals.map((name) => `“${name}”`).join(', ')}, and not for “${host}”`;
}
