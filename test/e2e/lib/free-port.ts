import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';

/** A port that nobody listens on, for what has to know it before it starts. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  await using server = createServer().listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
