import { isTaskSocket, type SocketAddress, SteleError } from '@stele/sdk';
import type { Status } from '../observe/record.ts';

/** Ports below are the node's own: its SSH server is one. */
const lowestPort = 1_024;
/** Seconds. Clocks of a cluster agree to five minutes, or munge lets nobody in; a heart beats twice a minute. */
const patience = 300 + 4 * 30;

/** Where a task listens on its node. */
export type OwnInterface = { readonly port: number } | SocketAddress;

/**
 * Where a task listens, out of its agent's record. The record lies in the account's home, and what runs there may write into
 * it: nothing but the port, or the socket, is taken from it, and not any. Pure.
 * @param now seconds since 1970, by the clock of the login node
 * @throws CONFLICT while there is none; DENIED for one that can't be the task's; UNREACHABLE when the agent fell silent
 */
export function ownInterface(status: Status | undefined, now: number): OwnInterface {
  if (status?.phase !== 'running') throw new SteleError('CONFLICT', 'The task isn’t running.');
  const own = status.socket === undefined ? checkedPort(status) : checkedSocket(status.socket);
  const silence = now - (status.heartbeat ?? 0);
  if (silence <= patience) return own;
  const since = status.heartbeat === undefined ? '' : ` for ${Math.round(silence / 60)} minutes`;
  throw new SteleError('UNREACHABLE', `The task’s node has told nothing of it${since}.`);
}

function checkedPort({ port, listening = '' }: Status): OwnInterface {
  if (port === undefined) throw new SteleError('CONFLICT', 'The task has no port yet.');
  if (port < lowestPort || port > 65_535) throw changed(`port ${port}`);
  if (listening.split(',').includes(`${port}@foreign`)) {
    throw new SteleError('CONFLICT', 'Somebody else on the task’s node listens on its port.');
  }
  return { port };
}

function checkedSocket(socket: string): OwnInterface {
  if (!isTaskSocket(socket)) throw changed('a socket');
  return { socket };
}

function changed(what: string): SteleError {
  return new SteleError('DENIED', `The task’s record names ${what}, which no task has: it was changed by somebody.`);
}
