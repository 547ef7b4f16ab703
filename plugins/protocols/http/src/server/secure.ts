import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';

/**
 * TLS to a task. Nobody vouches for its certificate: containers make their own, for no name. The way there is the
 * platform's own (loopback, an SSH channel, the cluster's API), so the certificate isn't what we trust.
 */
export function secure(connection: Duplex, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const stream = connect({ socket: connection, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] });
    const give = () => stream.destroy(signal.reason as Error);
    signal.addEventListener('abort', give, { once: true });
    stream.once('secureConnect', () => resolve(stream));
    stream.on('error', reject);
    stream.once('close', () => {
      signal.removeEventListener('abort', give);
      reject(new Error('It closed the connection during the TLS handshake.'));
    });
  });
}
