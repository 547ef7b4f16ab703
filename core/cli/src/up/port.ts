import { once } from 'node:events';
import { createServer } from 'node:net';
import { addressUnknown, portForbidden, portTaken } from '../errors.ts';

/** Rejects in words when `port` can't be opened. Better known before minutes of preparation than after. */
export async function checkPort(port: number, host: string): Promise<void> {
  await using server = createServer();
  try {
    server.listen({ port, host, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    throw inWords(error, port, host);
  }
}

/** Errors of `listen` in words; others as they are. */
export function inWords(error: unknown, port: number, host: string): unknown {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return portTaken(port, host, error);
    case 'EACCES':
      return portForbidden(port, error);
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return addressUnknown(host, error);
    default:
      return error;
  }
}
