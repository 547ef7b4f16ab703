import { SteleError, messageOf } from '@stele/sdk';

/** Every error of the database’s server and its place: one place, so that the words stay consistent. */

export function databaseUrlInvalid(cause?: unknown): SteleError {
  return new SteleError('INVALID', 'The database must be “embedded” or a postgres:// URL that names a database.', {
    field: 'database',
    cause,
  });
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

function lastLine(output: string): string {
  return output.trim().split('\n').at(-1)?.trim() || 'it ended without a word.';
}
