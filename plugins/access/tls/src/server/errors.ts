import { SteleError, streamFailure } from '@stele/sdk';

export function invalid(field: string, message: string, cause?: unknown): SteleError {
  return new SteleError('INVALID', message, { field: `accessConf.${field}`, cause });
}

export function aborted(signal: AbortSignal): SteleError {
  return new SteleError('UNREACHABLE', 'The work was given up before it was done.', { cause: signal.reason });
}

/** Throws when `signal` has aborted. */
export function check(signal: AbortSignal): void {
  if (signal.aborted) throw aborted(signal);
}

export function noShell(where: string): SteleError {
  return new SteleError('UNSUPPORTED', `${where} is an API: it runs no commands and shows no files.`);
}

/** Which settings mend what goes wrong with certificates. */
const remedies = {
  name: { field: 'accessConf.serverName', advice: 'Say that name, or have it signed for this one.' },
  authority: { field: 'accessConf.ca', advice: 'Give the certificate of the one that did.' },
  over: { field: 'accessConf.certificate', advice: 'Give a new one.' },
  refused: { field: 'accessConf.certificate', advice: 'Give one that its authority signed for clients.' },
};

/** What broke a stream, or kept it from being opened, in words. Pure. */
export function explained(where: string, error: unknown): SteleError {
  return streamFailure(where, error, remedies);
}
