import { SteleError } from '@stele/sdk';
import type { Status } from '../observe/record.ts';

/** Ports below are the node's own: its SSH server is one. */
const lowestPort = 1_024;
/** Seconds. Clocks of a cluster agree to five minutes, or munge lets nobody in; a heart beats twice a minute. */
const patience = 300 + 4 * 30;

/**
 * The port of a task, out of its agent's record. The record lies in the account's home, and what runs there may write into
 * it: nothing but the number is taken from it, and not every number. Pure.
 * @param now seconds since 1970, by the clock of the login node
 * @throws CONFLICT while there is none; DENIED for one that can't be the task's; UNREACHABLE when the agent fell silent
 */
export function usablePort(status: Status | undefined, now: number): number {
  if (status?.phase !== 'running') throw new SteleError('CONFLICT', 'The task isn’t running.');
  const { port, heartbeat, listening = '' } = status;
  if (port === undefined) throw new SteleError('CONFLICT', 'The task has no port yet.');
  if (port < lowestPort || port > 65_535) {
    const message = `The task’s record names port ${port}, which no task has: it was changed by somebody.`;
    throw new SteleError('DENIED', message);
  }
  if (listening.split(',').includes(`${port}@foreign`)) {
    throw new SteleError('CONFLICT', 'Somebody else on the task’s node listens on its port.');
  }
  const silence = now - (heartbeat ?? 0);
  if (silence <= patience) return port;
  const since = heartbeat === undefined ? '' : ` for ${Math.round(silence / 60)} minutes`;
  throw new SteleError('UNREACHABLE', `The task’s node has told nothing of it${since}.`);
}
