import { X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContext } from 'node:tls';
import { messageOf, SteleError } from '@stele/sdk';
import type { Conf } from './conf.ts';
import { invalid } from './errors.ts';

/**
 * What proves who the platform is, and by what the host is known.
 * @throws INVALID for what is no certificate or no key, or doesn't belong together; DENIED for a certificate that has expired
 */
export function credentialsOf({ ca, certificate, key }: Conf): SecureContext {
  certificateOf('ca', ca);
  const own = certificateOf('certificate', certificate);
  if (Date.parse(own.validTo) < Date.now()) {
    const message = `The platform’s certificate has expired on ${own.validTo}. Give a new one.`;
    throw new SteleError('DENIED', message, { field: 'accessConf.certificate' });
  }
  try {
    return createSecureContext({ ca, cert: certificate, key, minVersion: 'TLSv1.2' });
  } catch (error) {
    const isOther = /MISMATCH/i.test(String((error as NodeJS.ErrnoException).code));
    // What OpenSSL says of a key holds nothing of it.
    const message = isOther
      ? 'This is the key of another certificate.'
      : `This is no key that can be used (${messageOf(error)}). It has to be PEM, without a passphrase.`;
    throw invalid('key', message, error);
  }
}

function certificateOf(field: 'ca' | 'certificate', text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch (error) {
    throw invalid(field, `This is no certificate (${messageOf(error)}). It has to be PEM.`, error);
  }
}
