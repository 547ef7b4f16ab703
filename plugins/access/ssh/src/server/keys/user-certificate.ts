import { type Certificate, parseCertificateLine, whyNotAt } from './certificate.ts';

/** Reads a certificate to log in with: for an Ed25519 key, as all keys of the platform are. `undefined` for any other. */
export function userCertificate(line: string): Certificate | undefined {
  const certificate = parseCertificateLine(line);
  return certificate?.bareType === 'ssh-ed25519' ? certificate : undefined;
}

/** Why a certificate isn't offered to a host at a time (ms since 1970), in a sentence; `undefined` when it is. */
export function whyLeftOut(certificate: Certificate | undefined, now: number): string | undefined {
  if (certificate === undefined) return 'The key’s certificate can’t be read, so it was not offered: add it anew.';
  const why = whyNotAt(certificate, now);
  if (why === undefined) return undefined;
  return `The key’s certificate ${why}, so it was not offered. Ask for a new one, and add it on the account page.`;
}

/** What may have made a host refuse a certificate for an account. Hosts don't tell, and may have rules of their own. */
export function whyRefused({ principals }: Certificate, user: string): string {
  const names = principals.map((name) => `“${name}”`).join(', ');
  const refused = 'The key’s certificate was refused too';
  if (names === '') return `${refused}: it names no account.`;
  if (!principals.includes(user)) return `${refused}: it is for ${names}, and not for “${user}”.`;
  return `${refused}: the host may not trust the authority that signed it.`;
}
