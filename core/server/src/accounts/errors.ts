import { SteleError } from '@stele/sdk';

/** Every error that accounts make. */

/** Whoever can't be let in reads the same words, whatever the reason: they tell nobody which accounts exist. */
export function notLetIn(): SteleError {
  return new SteleError('DENIED', 'You could not be logged in. Check what you entered, or ask your administrator.');
}

export function linkUnusable(): SteleError {
  return new SteleError('DENIED', 'This log-in link was used already or has expired. Ask for a new one.');
}

export function tooManyAttempts(milliseconds: number): SteleError {
  const minutes = Math.max(1, Math.ceil(milliseconds / 60_000));
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return new SteleError('LIMIT', `Too many attempts to log in. Try again in ${wait}.`);
}

export function notVerified(): SteleError {
  const message = 'The provider did not confirm an e-mail address for you. Confirm it there, then log in again.';
  return new SteleError('DENIED', message);
}

export function emailTaken(): SteleError {
  return new SteleError('CONFLICT', 'There is an account with this e-mail address already.', { field: 'email' });
}

export function emailInvalid(): SteleError {
  return new SteleError('INVALID', 'This is not an e-mail address.', { field: 'email' });
}

export function keepsToProvider(): SteleError {
  const message =
    'The account with your e-mail address came with another way to log in, and keeps to it. Log in that way.';
  return new SteleError('CONFLICT', message);
}

export function otherAddress(): SteleError {
  const message =
    'This can’t be linked: the provider has not confirmed the e-mail address that your account has here. The two have to ' +
    'be the same.';
  return new SteleError('DENIED', message);
}

export function noSuchIdentity(): SteleError {
  return new SteleError('NOT_FOUND', 'No such provider is linked to your account.');
}

export function nothingToLink(): SteleError {
  return new SteleError('NOT_FOUND', 'Nothing waits to be linked. Begin again at the provider.');
}

export function identityUnusable(): SteleError {
  return new SteleError(
    'DENIED',
    'The provider did not say who you are in a way that could be kept. Tell its operator.',
  );
}

export function notByRedirect(): SteleError {
  return new SteleError('UNSUPPORTED', 'This way to log in has a form, and leads nowhere.', { field: 'provider' });
}

/** For an answer that was used, is old, or belongs to another browser: which of them is nobody's business. */
export function notBegunHere(): SteleError {
  return new SteleError('DENIED', 'This log-in was not begun in this browser, or too long ago. Begin it again.');
}

export function tooManyBegun(): SteleError {
  return new SteleError('LIMIT', 'Too many log-ins have been begun at once. Try again in ten minutes.');
}

export function identityTaken(): SteleError {
  return new SteleError('CONFLICT', 'This identity is linked to another account already.');
}

export function grantsTooMuch(): SteleError {
  return new SteleError('DENIED', 'Nobody can grant more than they hold.', { field: 'role' });
}

export function adminsOnly(): SteleError {
  return new SteleError('DENIED', 'This is for administrators.');
}

export function lastAdmin(field: string): SteleError {
  const message = 'This is the last administrator. Make somebody else an administrator first.';
  return new SteleError('CONFLICT', message, { field });
}

export function noSuchUser(): SteleError {
  return new SteleError('NOT_FOUND', 'There is no such user.');
}

export function noSuchGroup(): SteleError {
  return new SteleError('NOT_FOUND', 'There is no such group.');
}

export function noSuchMember(): SteleError {
  return new SteleError('NOT_FOUND', 'There is no such member in this group.');
}

export function noSuchSession(): SteleError {
  return new SteleError('NOT_FOUND', 'There is no such session.');
}

export function noSuchToken(): SteleError {
  return new SteleError('NOT_FOUND', 'There is no such token.');
}

export function managersOnly(): SteleError {
  return new SteleError('DENIED', 'Only managers of the group can do this.');
}

export function groupNameTaken(): SteleError {
  return new SteleError('CONFLICT', 'There is a group with this name already.', { field: 'name' });
}

export function groupOwnsThings(): SteleError {
  return new SteleError(
    'CONFLICT',
    'The group still owns software, computing, storage or credentials. Move them first.',
  );
}

export function tooManyTokens(limit: number): SteleError {
  return new SteleError('LIMIT', `You have ${limit} tokens already. Revoke one that you no longer need.`);
}

export function timezoneUnknown(): SteleError {
  return new SteleError('INVALID', 'There is no such time zone. Use an IANA name such as Europe/Rome.', {
    field: 'timezone',
  });
}

export function expiryInvalid(): SteleError {
  return new SteleError('INVALID', 'A token is valid for 1 to 365 days.', { field: 'days' });
}
