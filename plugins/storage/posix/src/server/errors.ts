import { SteleError } from '@stele/sdk';

export function noPath(path: string, field: string): SteleError {
  return new SteleError('INVALID', `“${path}” can’t be used in an absolute path.`, { field });
}

export function needsUser(field: string): SteleError {
  return new SteleError('INVALID', 'This storage has one folder for each user: it needs to be asked as a user.', {
    field,
  });
}

export function baseNotAllowed(path: string): SteleError {
  const message = `A storage may not lie in “${path}”. Ask the operator, who sets the folders for storages.`;
  return new SteleError('DENIED', message, { field: 'conf.base' });
}

export function readOnly(name: string): SteleError {
  return new SteleError('DENIED', `“${name}” can be read only.`);
}
