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

export function holdsOthers(path: string, host: string): SteleError {
  const message = `“${path}” on ${host} holds, or lies in, what belongs to the platform’s account there: its keys, or the files of everybody’s tasks. A storage that is used with the platform’s own rights needs a folder apart from them: whoever set it up has to choose another one.`;
  return new SteleError('DENIED', message, { field: 'conf.base' });
}

export function readOnly(name: string): SteleError {
  return new SteleError('DENIED', `“${name}” can be read only.`);
}
