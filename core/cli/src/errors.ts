import { messageOf, SteleError } from '@stele/sdk';

/** Every error that the command itself makes: one place, so that the words stay consistent. */

export function notRunning(dataDir: string, what: string): SteleError {
  const message = `No Stele runs on ${dataDir}, so ${what}. Start it with “./stele up”, or name its folder with --data.`;
  return new SteleError('UNREACHABLE', message);
}

export function alreadyRunning(dataDir: string, pid: number): SteleError {
  const message = `Stele (process ${pid}) already runs on ${dataDir}. Stop it first, or choose another folder with --data.`;
  return new SteleError('CONFLICT', message);
}

export function notOurs(dataDir: string, cause: unknown): SteleError {
  const message = `The Stele on ${dataDir} belongs to another user: ${messageOf(cause)}. Give the command as that user, or as root.`;
  return new SteleError('DENIED', message, { cause });
}

/** What the running platform answered. */
export function refused(detail: string): SteleError {
  return new SteleError('CONFLICT', detail);
}

export function notUnderstood(raw: string): SteleError {
  const message = 'The running Stele gave an answer that can’t be understood. Does it run from this checkout?';
  return new SteleError('PROTOCOL', message, { raw });
}

export function portTaken(port: number, host: string, cause?: unknown): SteleError {
  const message =
    `Port ${port} of ${host} is taken by another program. Stop that one, or choose another with --port; ` +
    '“--port 0” picks a free one.';
  return new SteleError('CONFLICT', message, { cause });
}

export function portForbidden(port: number, cause: unknown): SteleError {
  const message = `Port ${port} can’t be opened: ports below 1024 are root’s. Choose another with --port.`;
  return new SteleError('DENIED', message, { cause });
}

export function addressUnknown(host: string, cause: unknown): SteleError {
  const message = `“site.listen” is ${host}, which is no address of this machine. Leave it out, or say 0.0.0.0 for all addresses.`;
  return new SteleError('INVALID', message, { field: 'site.listen', cause });
}

export function dataUnusable(dataDir: string, cause: unknown): SteleError {
  return new SteleError('DENIED', `The data folder ${dataDir} can’t be used: ${messageOf(cause)}`, { cause });
}

const withoutIt = 'Mend that, or start without it: “./stele up --no-prepare”.';

export function notPrepared(program: string, how: string): SteleError {
  return new SteleError('UNREACHABLE', `${program} ${how}; what it said is above. ${withoutIt}`);
}

export function prepareNotStarted(program: string, cause: unknown): SteleError {
  const message = `“prepare” of the site file names ${program}, which can’t be run: ${messageOf(cause)}. ${withoutIt}`;
  return new SteleError('INVALID', message, { field: 'prepare', cause });
}
