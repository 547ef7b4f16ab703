import { type ErrorCode, isSteleError, messageOf, SteleError } from '@stele/sdk';
import { SftpError, status } from '../sftp/session.ts';

const codes: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  [status.missing]: ['NOT_FOUND', 'does not exist'],
  [status.denied]: ['DENIED', 'may not be used like that'],
  // All that the server says; what else it could be has been ruled out before.
  [status.failure]: ['LIMIT', 'could not be written or changed: most likely the disk or the quota is full'],
  [status.unsupported]: ['UNSUPPORTED', 'can’t be used like that on this host'],
};

/** The coded error for what the server said about `path`; errors that are coded already stay as they are. */
export function fileError(error: unknown, path: string): unknown {
  if (isSteleError(error) || !(error instanceof SftpError)) return error;
  const [code, words] = codes[error.status] ?? ['PROTOCOL', 'failed'];
  return new SteleError(code, `“${path === '' ? '/' : path}” ${words}.`, { cause: error, raw: messageOf(error) });
}
