import { SteleError } from '@stele/sdk';

/** Every error that the plugin makes. None has a cause: the library's carry tokens and codes, and causes are logged. */

export function notAnswering(title: string): SteleError {
  return new SteleError(
    'UNREACHABLE',
    `“${title}” does not answer at the moment. Try again later, or log in another way.`,
  );
}

export function setUpWrong(title: string): SteleError {
  const message = `“${title}” can’t be used, because it is not set up right here. The operator finds the reason in the log.`;
  return new SteleError('PROTOCOL', message);
}

export function brokenOff(title: string): SteleError {
  return new SteleError('DENIED', `“${title}” did not let you in, or you broke off. Begin again to try once more.`);
}

export function notAccepted(title: string): SteleError {
  return new SteleError('DENIED', `What “${title}” answered can’t be accepted. Begin the log-in again.`);
}

export function notOnTheList(title: string): SteleError {
  return new SteleError('DENIED', `“${title}” knows you, but this site does not let you in. Ask its operator.`);
}

export function givenUp(): SteleError {
  return new SteleError('UNREACHABLE', 'The log-in was given up.');
}

export function badSettings(id: string, message: string): SteleError {
  return new SteleError('INVALID', `providers.${id}: ${message}`, { field: `providers.${id}` });
}
