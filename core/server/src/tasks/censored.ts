import { hasCode, type Observation, type TaskEvent } from '@stele/sdk';
import type { LaunchSnapshot, Task } from '../model/index.ts';
import type { Keyring } from '../registries/index.ts';
import { Censor } from './censor.ts';

/** What opens the credentials of a launch. */
export type Opener = Pick<Keyring, 'open'>;

type Launched = Pick<LaunchSnapshot, 'image' | 'registryCredential'>;

/**
 * Nodes fetch images long after a submission, and pass on what a registry said: so what is seen of a task goes without
 * credentials as well. They are opened only where there are any and there is something new to read.
 */
export async function censoredSight(
  keyring: Opener,
  { launch, reason, detail }: Pick<Task, 'launch' | 'reason' | 'detail'>,
  seen: Observation,
): Promise<Observation> {
  const said = seen as { readonly reason?: string; readonly detail?: string };
  const isNew = (said.reason ?? reason) !== reason || (said.detail ?? detail) !== detail;
  if (launch.registryCredential === undefined || !isNew) return seen;
  const censor = await censorOf(keyring, launch);
  return {
    ...seen,
    ...(said.reason === undefined ? {} : { reason: censor.text(said.reason) }),
    ...(said.detail === undefined ? {} : { detail: censor.text(said.detail) }),
  } as Observation;
}

/** Events of a task without credentials. */
export async function censoredEvents(
  keyring: Opener,
  launch: Launched,
  events: readonly TaskEvent[],
): Promise<readonly TaskEvent[]> {
  if (launch.registryCredential === undefined || events.length === 0) return events;
  const censor = await censorOf(keyring, launch);
  return events.map((event) => (event.says === undefined ? event : { ...event, says: censor.text(event.says) }));
}

async function censorOf(keyring: Opener, { image, registryCredential: id = '' }: Launched): Promise<Censor> {
  try {
    return new Censor((await keyring.open(id, image.registry))?.credentials);
  } catch (error) {
    // The platform has another secret key since: nobody can tell what they were.
    if (hasCode(error, 'DENIED')) return new Censor(undefined);
    throw error;
  }
}
