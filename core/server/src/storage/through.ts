import { type AuthMode, SteleError, type StorageResource } from '@stele/sdk';

/** The access of a storage that is reached as the computing that it belongs to is. No access method has this id. */
const through = 'computing';

/** How a host is reached. */
export type Way = Pick<StorageResource, 'access' | 'auth' | 'accessConf'>;

export const isThrough = (access: string | undefined): boolean => access === through;

/**
 * How the computing is reached.
 * @param agreed the credentials that it was reached with when the storage was set up. Others may see more than whoever did
 * that was allowed to show: somebody has to look at it again.
 * @throws INVALID when there is no computing, CONFLICT for other credentials
 */
export function hostOf(computing: Way | undefined, agreed?: AuthMode): Way {
  if (!computing) throw noComputing();
  const { access, auth, accessConf } = computing;
  if (agreed !== undefined && auth !== agreed) throw changed();
  return { access, auth, accessConf };
}

/** What the storage itself keeps of it: whatever changes with the computing is read there. */
export function throughComputing(auth: AuthMode): Way {
  return { access: through, auth, accessConf: {} };
}

function noComputing(): SteleError {
  const message = 'A storage that is reached through its computing needs one: choose the computing.';
  return new SteleError('INVALID', message, { field: 'computing' });
}

function changed(): SteleError {
  const message =
    'The computing that this storage is reached through is used with other credentials now. Whoever looks after the storage has to save it again.';
  return new SteleError('CONFLICT', message, { field: 'auth' });
}
