const certificate = /-----BEGIN CERTIFICATE-----(?:(?!-----BEGIN)[\s\S])*?-----END CERTIFICATE-----/g;

/**
 * The certificates in what somebody has pasted, words between them left out. Node.js passes over what is none: whoever reads them looks
 * at each.
 * @returns nothing where there is anything else, such as half of one, or a key
 */
export function certificatesIn(pem: string): readonly string[] {
  const isAll = !pem.replace(certificate, '').includes('-----');
  return isAll ? (pem.match(certificate) ?? []) : [];
}
