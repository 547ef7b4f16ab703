import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Address } from '@stele/sdk';
import { aborted, check, dialFailed, invalid } from './errors.ts';

/** Bytes that `sun_path` of Linux holds, without the closing NUL. */
const socketPathLimit = 107;

/** Connects to a port or a Unix socket. The stream is the caller's from then on: `signal` ends the connecting alone. */
export async function dial(address: Address, signal: AbortSignal): Promise<Duplex> {
  check(signal);
  const socket = begin(address);
  try {
    await connected(socket, signal);
    return socket;
  } catch (error) {
    socket.destroy();
    throw signal.aborted ? aborted(signal) : dialFailed(nameOf(address), error);
  }
}

function begin(address: Address): Socket {
  if ('socket' in address) return connect({ path: checkedSocket(address.socket) });
  const { host, port } = address;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid('port', `${port} is not a port (1–65535).`);
  if (host === '' || /[\u0000-\u0020]/u.test(host)) throw invalid('host', `“${host}” is not a host.`);
  return connect({ host, port, noDelay: true, keepAlive: true });
}

function checkedSocket(path: string): string {
  if (!path.startsWith('/') || path.includes('\0')) throw invalid('socket', `“${path}” is not an absolute path.`);
  if (Buffer.byteLength(path) > socketPathLimit) {
    throw invalid('socket', `“${path}” is longer than the ${socketPathLimit} bytes a socket's path may have.`);
  }
  return path;
}

function connected(socket: Socket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(aborted(signal));
    const settle = (finish: () => void) => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', reject);
      finish();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    socket.once('connect', () => settle(resolve));
    socket.once('error', (error) => settle(() => reject(error)));
  });
}

function nameOf(address: Address): string {
  return 'socket' in address ? address.socket : `${address.host}:${address.port}`;
}
