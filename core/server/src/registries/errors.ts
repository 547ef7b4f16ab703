import { SteleError } from '@stele/sdk';

/** Every error that credentials for registries make. */

export function noSuchCredentials(): SteleError {
  return new SteleError('NOT_FOUND', 'There are no such credentials.');
}

export function notTheirs(): SteleError {
  return new SteleError('DENIED', 'You may not enter credentials for that owner.', { field: 'owner' });
}

export function mayNotChange(): SteleError {
  return new SteleError('DENIED', 'You may not change these credentials.');
}

export function noSuchOwner(cause: unknown): SteleError {
  return new SteleError('INVALID', 'There is no such owner.', { field: 'owner', cause });
}

export function enteredAlready(registry: string, cause: unknown): SteleError {
  const message = `Credentials for ${registry} are entered already. Replace those.`;
  return new SteleError('CONFLICT', message, { field: 'registry', cause });
}

export function notShared(): SteleError {
  const message = 'Credentials of a user are theirs alone: the platform and groups share theirs.';
  return new SteleError('INVALID', message, { field: 'shared' });
}

export function unreadable(registry: string, cause: unknown): SteleError {
  const message = `The credentials for ${registry} can’t be decrypted: the platform has another secret key since. They have to be entered again.`;
  return new SteleError('DENIED', message, { cause });
}
