import { SteleError } from '@stele/sdk';

/** The one answer to everybody who can't be let in: it must not tell which addresses have an account here. */
export function wrongLogin(): SteleError {
  return new SteleError('DENIED', 'E-mail address and password don’t match.');
}

export function badPassword(message: string): SteleError {
  return new SteleError('INVALID', message, { field: 'password' });
}

export function noText(field: string): SteleError {
  return new SteleError('INVALID', 'This has to be a text.', { field });
}

export function noSubject(): SteleError {
  return new SteleError('INVALID', 'A password needs the e-mail address that it belongs to.', { field: 'subject' });
}

export function givenUp(signal: AbortSignal): SteleError {
  return new SteleError('UNREACHABLE', 'The log-in was given up.', { cause: signal.reason });
}
