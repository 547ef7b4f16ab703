import { X509Certificate } from 'node:crypto';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';
import { SteleError } from '../errors.ts';
import { certificatesIn } from '../pem.ts';

/**
 * Whom to trust, read once: an agent that is given certificates has all of them in the name of each connection (Node 24).
 * @throws INVALID (field `conf.ca`)
 */
export function trusting(ca: string | undefined): { readonly secureContext?: SecureContext } {
  if (ca === undefined) return {};
  try {
    const own = certificatesIn(ca).map((pem) => new X509Certificate(pem).toString());
    if (own.length === 0) throw new Error('no certificate');
    return { secureContext: createSecureContext({ ca: [...rootCertificates, ...own] }) };
  } catch (cause) {
    const message = 'This is not a certificate in PEM. Paste all of it, with its first and last line.';
    throw new SteleError('INVALID', message, { cause, field: 'conf.ca' });
  }
}
