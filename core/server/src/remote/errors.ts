import { SteleError } from '@stele/sdk';

/** Every error that keys and remote accounts make. */

const aboutCertificate = (message: string, cause?: unknown): SteleError =>
  new SteleError('INVALID', message, { field: 'certificate', cause });

export function certificateInvalid(cause?: unknown): SteleError {
  const message =
    'This is no OpenSSH certificate for an Ed25519 key. Paste the one line of the file that ends in -cert.pub.';
  return aboutCertificate(message, cause);
}

export function certificateForAnother(): SteleError {
  return aboutCertificate('This certificate is for another key. Have the public key that is shown here signed.');
}

export function certificateOfHost(): SteleError {
  return aboutCertificate('This certificate is for hosts. Ask for one for users.');
}

export function certificateExpired(): SteleError {
  return aboutCertificate('This certificate has expired. Ask for a new one.');
}

export function noKeyYet(): SteleError {
  return new SteleError('NOT_FOUND', 'There is no key yet. Make one first.');
}

export function noPreviousKey(): SteleError {
  return new SteleError('NOT_FOUND', 'There is no previous key.');
}

export function previousInUse(): SteleError {
  const message =
    'The key before this one is still kept. Say first that the key is replaced everywhere; then a new one can be made.';
  return new SteleError('CONFLICT', message);
}

export function noKeysHere(auth: string): SteleError {
  return new SteleError('UNSUPPORTED', `Credentials “${auth}” are no keys.`, { field: 'auth' });
}

export function usersOnly(): SteleError {
  const message =
    'This resource is used with each user’s own key: the platform itself can’t log in there. It has to be asked as a user.';
  return new SteleError('DENIED', message, { field: 'auth' });
}

export function takesNoUserKeys(): SteleError {
  const message = 'This resource is not used with keys of its users: there is no account to set up.';
  return new SteleError('UNSUPPORTED', message);
}

export function noSuchResource(): SteleError {
  return new SteleError('NOT_FOUND', 'There is no such resource any more.');
}

export function noToken(auth: string): SteleError {
  return new SteleError('UNSUPPORTED', `Credentials “${auth}” are no tokens.`, { field: 'auth' });
}

export function tokensOfUsers(): SteleError {
  const message =
    'This resource is used with each user’s own credentials: the platform itself has none. It has to be asked as a user.';
  return new SteleError('DENIED', message, { field: 'auth' });
}

export function noCredentials(name: string, field?: string): SteleError {
  const message = field
    ? `The platform has no credentials for “${name}”. Enter them in its settings.`
    : `“${name}” wants credentials of your own. Enter them on the account page, under Credentials.`;
  return new SteleError('DENIED', message, field === undefined ? {} : { field });
}

export function movedSince(name: string): SteleError {
  const message = `“${name}” is at another address since you entered your credentials. Look at it, then enter them again on the account page, under Credentials.`;
  return new SteleError('DENIED', message);
}

export function takesNoTokens(): SteleError {
  return new SteleError('UNSUPPORTED', 'This resource is not used with credentials of its users.');
}
