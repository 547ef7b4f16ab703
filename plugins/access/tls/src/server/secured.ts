import type { Duplex } from 'node:stream';
import { isIP } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import { setTimeout as sleep } from 'node:timers/promises';
import { aborted } from './errors.ts';

/** Milliseconds. A server that hands out no tickets says nothing when it is content. */
const consent = 300;

/**
 * Speaks TLS on a stream, as the client. With TLS 1.3 a server looks at the client's certificate when the client takes the
 * handshake for done; so its first ticket is waited for, or its refusal. What fails destroys the stream.
 */
export async function secured(
  stream: Duplex,
  name: string,
  secureContext: SecureContext,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const server = isIP(name) === 0 ? { servername: name, host: name } : { host: name };
  const socket = connect({ socket: stream, secureContext, ...server });
  const { promise: broken, reject } = Promise.withResolvers<never>();
  const give = (): void => reject(aborted(signal));
  signal.addEventListener('abort', give, { once: true });
  if (signal.aborted) give();
  socket.on('error', reject).once('close', closed);
  function closed(): void {
    reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNRESET' }));
  }
  // Not at once: what is written while OpenSSL is telling of a ticket stops the reading for good (Node.js 24.21).
  const ticket = new Promise<void>((resolve) => void socket.once('session', () => setImmediate(resolve)));
  try {
    await Promise.race([broken, new Promise<void>((resolve) => void socket.once('secureConnect', resolve))]);
    if (socket.getProtocol() === 'TLSv1.3')
      await Promise.race([broken, ticket, sleep(consent, undefined, { signal, ref: false })]);
    // Whoever listens to errors stays: one that comes before anybody else does would end the process.
    return socket.off('close', closed);
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    signal.removeEventListener('abort', give);
  }
}
