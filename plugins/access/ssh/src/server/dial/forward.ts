import type { Duplex } from 'node:stream';
import { type Address, isSteleError, messageOf, SteleError } from '@stele/sdk';
import type { Client, ClientChannel } from 'ssh2';
import type { Endpoint } from '../connection/endpoint.ts';
import { ChannelRefused } from '../connection/link.ts';
import { aborted, check, denied, invalid, unreachable } from '../errors.ts';
import { ChannelSocket } from './channel-socket.ts';

/** Bytes that `sun_path` of Linux holds, without the closing NUL. */
const socketPathLimit = 107;
/** RFC 4254, 5.1. */
const prohibited = 1;
/** A host that tries to reach an address which never answers gives up after minutes. */
const patience = 30_000;

/** Opens a stream to an address as the host of `endpoint` sees it. */
export async function forward(endpoint: Endpoint, address: Address, signal: AbortSignal): Promise<Duplex> {
  check(signal);
  checkAddress(address);
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  const opening = endpoint.channel(
    (client, opened) => begin(client, address, opened),
    (channel, link) => new ChannelSocket(channel, link),
    limit,
  );
  try {
    return await destroyedIfAborted(opening, limit);
  } catch (error) {
    if (signal.aborted) throw aborted(signal);
    throw dialError(endpoint.name, address, error);
  }
}

type Opened = (error: Error | undefined, channel: ClientChannel) => void;

function begin(client: Client, address: Address, opened: Opened): void {
  if ('socket' in address) client.openssh_forwardOutStreamLocal(address.socket, opened);
  else client.forwardOut('127.0.0.1', 0, address.host, address.port, opened);
}

/** A channel that comes when nobody wants it any more is closed at once. */
function destroyedIfAborted(opening: Promise<Duplex>, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(aborted(signal));
    signal.addEventListener('abort', onAbort, { once: true });
    opening
      .then((stream) => {
        if (signal.aborted) stream.destroy();
        resolve(stream);
      }, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

function dialError(name: string, address: Address, error: unknown): unknown {
  if (error instanceof SteleError || isSteleError(error)) return error;
  const where = 'socket' in address ? address.socket : `${address.host}:${address.port}`;
  if (error instanceof ChannelRefused && error.reason === prohibited) {
    return denied(`${name} doesn’t allow connections to ${where} through it (AllowTcpForwarding, PermitOpen).`, error);
  }
  // OpenSSH gives one and the same answer for sockets where nobody listens and where forwarding is forbidden.
  const doubt = 'socket' in address ? ', or AllowStreamLocalForwarding is off' : '';
  return unreachable(`Nothing answers at ${where} behind ${name} (${messageOf(error)}${doubt}).`, error);
}

function checkAddress(address: Address): void {
  if ('socket' in address) {
    const path = address.socket;
    if (!path.startsWith('/') || path.includes('\0')) throw invalid('socket', `“${path}” is not an absolute path.`);
    if (Buffer.byteLength(path) > socketPathLimit)
      throw invalid('socket', `“${path}” is longer than the ${socketPathLimit} bytes a socket's path may have.`);
    return;
  }
  const { host, port } = address;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw invalid('port', `${port} is not a port (1–65535).`);
  if (host === '' || /[\u0000-\u0020]/u.test(host)) throw invalid('host', `“${host}” is not a host.`);
}
