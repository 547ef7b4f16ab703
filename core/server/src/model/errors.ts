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

export function databaseUrlInvalid(cause?: unknown): SteleError {
  return new SteleError('INVALID', 'The database must be “embedded” or a postgres:// URL that names a database.', {
    field: 'database',
    cause,
  });
}

export function databaseRefused(cause: unknown): SteleError {
  const message = `The database refused the connection: ${messageOf(cause)}. Check user, password and database name.`;
  return new SteleError('DENIED', message, { field: 'database', cause });
}

export function dataDirInUse(dataDir: string, owner: string | undefined): SteleError {
  const who = owner === undefined ? 'Another Stele' : `Another Stele (process ${owner})`;
  return new SteleError(
    'CONFLICT',
    `${who} already runs on ${dataDir}. Stop it first, or choose another data folder.`,
    {
      field: 'data',
    },
  );
}

export function dataDirUnusable(dataDir: string, cause: unknown): SteleError {
  return new SteleError('DENIED', `The data folder ${dataDir} can’t be used: ${messageOf(cause)}.`, {
    field: 'data',
    cause,
  });
}

export function noEmbeddedPostgres(platform: string, cause?: unknown): SteleError {
  const message =
    `There is no embedded PostgreSQL for ${platform} here. Run “npm install” again, without leaving out optional ` +
    'packages, or set “database” to the postgres:// URL of a server.';
  return new SteleError('UNSUPPORTED', message, { field: 'database', cause });
}

export function noDatabaseUser(): SteleError {
  const message =
    'PostgreSQL refuses to run as root, and this machine has no user “nobody” to run it as. Run Stele as an ordinary ' +
    'user, or set “database” to a postgres:// URL.';
  return new SteleError('UNSUPPORTED', message, { field: 'database' });
}

export function databaseHomeGone(link: string, target: string): SteleError {
  const message = `${link} points to ${target}, which is not there. Bring that folder back; Stele makes no empty one instead.`;
  return new SteleError('NOT_FOUND', message, { field: 'data' });
}

export function initFailed(output: string, cause?: unknown): SteleError {
  return new SteleError('UNREACHABLE', 'The embedded database could not be created.', { raw: output, cause });
}

export function startFailed(output: string): SteleError {
  return new SteleError('UNREACHABLE', `The embedded database does not start: ${lastLine(output)}`, { raw: output });
}

export function socketDirTaken(path: string): SteleError {
  return new SteleError('CONFLICT', `${path} belongs to somebody else. Choose a data folder with a shorter path.`, {
    field: 'data',
  });
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

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() || 'it ended without a word.';
}
