import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { messageOf, SteleError } from '@stele/sdk';
import { invalid } from '../kubeconfig/invalid.ts';

/** What a TLS connection is made with. */
export interface TlsParts {
  readonly ca?: string;
  readonly certificate?: string;
  readonly key?: string;
}

/** @throws INVALID for what is no certificate or key, DENIED for a certificate of ours that has expired */
export function contextOf({ ca, certificate, key }: TlsParts): SecureContext {
  try {
    if (certificate !== undefined) checkDates(new X509Certificate(certificate));
    return createSecureContext({
      ...(ca === undefined ? {} : { ca }),
      ...(certificate === undefined || key === undefined ? {} : { cert: certificate, key }),
      minVersion: 'TLSv1.2',
    });
  } catch (error) {
    if (error instanceof SteleError) throw error;
    // What OpenSSL says of a key holds nothing of it.
    throw invalid('kubeconfig', `Its certificates can’t be used (${messageOf(error)}).`, error);
  }
}

function checkDates({ validTo }: X509Certificate): void {
  if (Date.parse(validTo) >= Date.now()) return;
  const message = `The certificate in the kubeconfig has expired on ${validTo}. Give a new kubeconfig.`;
  throw new SteleError('DENIED', message, { field: 'conf.kubeconfig' });
}

/** Speaks TLS on a stream, as the client. What fails destroys the stream. */
export function secured(
  stream: Duplex,
  name: string,
  secureContext: SecureContext,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const server = isIP(name) === 0 ? { servername: name, host: name } : { host: name };
  const socket = connect({ socket: stream, secureContext, ALPNProtocols: ['http/1.1'], ...server });
  return new Promise((resolve, reject) => {
    const fail = (reason: unknown): void => {
      signal.removeEventListener('abort', give);
      socket.destroy();
      reject(reason);
    };
    const give = (): void => fail(signal.reason);
    signal.addEventListener('abort', give, { once: true });
    if (signal.aborted) return give();
    // Stays: an error that comes before anybody else listens would end the process.
    socket.on('error', fail);
    socket.once('close', () => fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    socket.once('secureConnect', () => {
      signal.removeEventListener('abort', give);
      resolve(socket);
    });
  });
}
