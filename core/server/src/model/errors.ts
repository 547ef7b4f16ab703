import { SteleError, messageOf } from '@stele/sdk';

/** Every error that the model itself makes: one place, so that the words stay consistent. */

export function databaseUnreachable(cause: unknown): SteleError {
  return new SteleError('UNREACHABLE', 'The database does not answer. It is tried again by itself.', {
    cause,
    raw: messageOf(cause),
  });
}

export function valueInvalid(cause?: unknown): SteleError {
  const why = cause === undefined ? 'it has a NUL character' : (messageOf(cause).split('\n')[0] ?? '');
  return new SteleError('INVALID', `A value can’t be stored: ${why}.`, { cause });
}

export function databaseTooOld(version: string): SteleError {
  return new SteleError('UNSUPPORTED', `The database server is PostgreSQL ${version}; Stele needs 15 or newer.`, {
    field: 'database',
  });
}

export function databaseRefused(cause: unknown): SteleError {
  const message = `The database refused the connection: ${messageOf(cause)}. Check user, password and database name.`;
  return new SteleError('DENIED', message, { field: 'database', cause });
}

export function secretKeyWeak(source: string): SteleError {
  const message = `The secret key in ${source} is a default or too short. Use at least 32 random bytes: openssl rand -base64 32`;
  return new SteleError('INVALID', message, { field: 'secretKey' });
}

export function secretKeyExposed(path: string): SteleError {
  return new SteleError('DENIED', `${path} can be read by others. Run: chmod 600 ${path}`, { field: 'secretKey' });
}

export function secretUnreadable(cause: unknown): SteleError {
  const message = 'A stored secret can’t be decrypted: the secret key is not the one it was stored with.';
  return new SteleError('DENIED', message, { cause });
}

export function storeKeyInvalid(): SteleError {
  return new SteleError('INVALID', 'Keys of a plugin’s store have 1–200 characters.', { field: 'key' });
}

export function storeValueTooBig(): SteleError {
  return new SteleError('LIMIT', 'A value in a plugin’s store takes 64 KiB at most.', { field: 'value' });
}
