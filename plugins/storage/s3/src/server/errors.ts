import { type ErrorCode, SteleError } from '@stele/sdk';

const error = (code: ErrorCode, message: string, field?: string): SteleError =>
  new SteleError(code, message, field === undefined ? {} : { field });

export const noSuchPath = (path: string): SteleError => error('NOT_FOUND', `There is no “${path}”.`);

export const isTaken = (path: string, field: string): SteleError =>
  error('CONFLICT', `“${path}” is there already.`, field);

export const notAFolder = (path: string): SteleError => error('CONFLICT', `“${path}” is a file.`);

export const notAFile = (path: string): SteleError => error('CONFLICT', `“${path || '/'}” is a folder.`);

export const isTheRoot = (field: string): SteleError =>
  error('INVALID', 'This can’t be done to the storage itself.', field);

export const intoItself = (path: string): SteleError => error('CONFLICT', `“${path}” can’t be put into itself.`, 'to');

export const pathTooLong = (field: string): SteleError =>
  error('INVALID', 'With the folders around it the name is longer than a bucket takes.', field);

export const badRange = (): SteleError => error('INVALID', 'This is not a range of bytes.', 'range');

export const badOffset = (): SteleError => error('INVALID', 'This is not a place in a file.', 'offset');

export const wholeFilesOnly = (): SteleError =>
  error('UNSUPPORTED', 'An object store writes whole files: nothing can be added to one or changed in it.', 'offset');

export const badCursor = (): SteleError =>
  error('INVALID', 'This is not where a listing ended: begin again.', 'cursor');

export const tooLarge = (): SteleError =>
  error('LIMIT', 'The file is larger than an upload of unknown length can be. Say its length.');

export const readOnly = (name: string): SteleError => error('DENIED', `“${name}” can be read only.`);

export const badAnswer = (path: string): SteleError =>
  error('PROTOCOL', `The store gave other bytes of “${path}” than were asked for, or doesn’t say how many there are.`);

export const givenUp = (): SteleError => error('UNREACHABLE', 'The work was given up before it was done.');

export const needsUser = (): SteleError =>
  error('INVALID', 'This storage has one folder for each user: it needs to be asked as a user.', 'conf.prefix');

export const needsTls = (): SteleError =>
  error('DENIED', 'Endpoints without TLS are not allowed here. Ask for https://, or the operator.', 'conf.endpoint');

export const endpointNotAllowed = (host: string): SteleError =>
  error(
    'DENIED',
    `Users’ own storages may not be at ${host}. Ask the operator, who sets the endpoints.`,
    'conf.endpoint',
  );

export const partlyRemoved = (count: number, reason: string): SteleError =>
  error('DENIED', `${count} of the objects could not be removed: ${reason}`);
