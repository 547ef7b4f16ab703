import type { Duplex } from 'node:stream';

/** Dials, and gives up with `signal` also where the dialling itself doesn't; a connection that comes late is closed. */
export function dialWithin(dial: (signal: AbortSignal) => Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const give = () => reject(signal.reason as Error);
    signal.addEventListener('abort', give, { once: true });
    dial(signal).then(
      (connection) => {
        signal.removeEventListener('abort', give);
        // Errors reach us through the stream that is read; one that comes after that would be fatal.
        connection.on('error', () => undefined);
        if (signal.aborted) connection.destroy();
        resolve(connection);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', give);
        reject(error as Error);
      },
    );
  });
}
