import { setTimeout as sleep } from 'node:timers/promises';
import { errnoOf } from '../errors.ts';

const patience = 2_000;
const step = 20;

/**
 * Ends all processes of a group: TERM, then KILL to whoever is left after 2 s. Looks often, so that it stops soon after
 * the group has gone and never signals a number that was given to others since.
 */
export async function endGroup(leader: number): Promise<void> {
  if (!signalGroup(leader, 'SIGTERM')) return;
  const deadline = performance.now() + patience;
  while (performance.now() < deadline) {
    await sleep(step);
    if (!signalGroup(leader, 0)) return;
  }
  signalGroup(leader, 'SIGKILL');
}

/** Whether there was somebody to signal. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-leader, signal);
  } catch (error) {
    if (errnoOf(error) === 'ESRCH') return false;
    // EPERM: all that is left belongs to other users (a set-uid program); there is nothing that we may do.
    if (errnoOf(error) === 'EPERM') return false;
    throw error;
  }
}
