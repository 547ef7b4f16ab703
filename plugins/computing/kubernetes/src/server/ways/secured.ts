import { X509Certificate } from 'node:crypto';
import { isIP, type OnReadOpts } from 'node:net';
import type { Duplex } from 'node:stream';
import {
  checkServerIdentity,
  connect,
  type ConnectionOptions,
  createSecureContext,
  type SecureContext,
  type TLSSocket,
} from 'node:tls';
import { messageOf, SteleError } from '@stele/sdk';
import type { Landing } from '../api/landing.ts';
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

/** A checked address, and where to read what comes from it. */
export interface Remote {
  readonly host: string;
  readonly port: number;
  readonly landing: Landing;
}

// Its types lack what `tls` hands on to `net`.
type Reading = ConnectionOptions & { readonly onread: OnReadOpts };

/** Where all streams with a landing read: TLS gives a record at a time. */
const memory = Buffer.allocUnsafeSlow(16_384);

/** Speaks TLS as the client: on a stream, or, since only a socket that TLS has opened by itself reads where it is told to, to an address. */
export function secured(
  over: Duplex | Remote,
  name: string,
  secureContext: SecureContext,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const socket: TLSSocket = connect({
    ...('landing' in over ? remote(over, () => socket) : { socket: over }),
    secureContext,
    ALPNProtocols: ['http/1.1'],
    // No address may be said to the server.
    ...(isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
  });
  return ready(socket, signal);
}

function remote({ host, port, landing }: Remote, socket: () => TLSSocket): Reading {
  const show = (length: number): boolean => landing.show(memory, length, socket());
  return { host, port, onread: { buffer: memory, callback: show } };
}

/** What fails destroys the socket. */
function ready(socket: TLSSocket, signal: AbortSignal): Promise<TLSSocket> {
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
      resolve(socket.setNoDelay(true).setKeepAlive(true));
    });
  });
}
