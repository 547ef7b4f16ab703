import { SteleError } from '@stele/sdk';

/** The errors of the gateway's own making. */
export const tooSlow = (limit: number): SteleError =>
  new SteleError('UNREACHABLE', `The task did not accept a connection within ${limit / 1000} s.`);

export const noSuchTask = (): SteleError => new SteleError('NOT_FOUND', 'There is no such task.');

export const unsafeLanding = (): SteleError =>
  new SteleError('INVALID', 'The path must be a plain path on the task’s own origin, such as /lab.', { field: 'path' });

export const noFreePort = (from: number, to: number): SteleError =>
  new SteleError('LIMIT', `All ports for tasks (${from}–${to}) are taken. Stop a task, or widen the range.`);

export const notRunning = (): SteleError => new SteleError('CONFLICT', 'This task is not running (yet).');

export const cannotBind = (bind: string, cause: unknown): SteleError =>
  new SteleError('UNREACHABLE', `The platform can’t listen on ${bind}. Its operator has to look at site.tasks.tcp.`, {
    cause,
  });

export const sharedHost = (host: string): SteleError =>
  new SteleError(
    'INVALID',
    `Tasks may not share the host ${host} with the platform: its cookies would reach them. Name another host.`,
    { field: 'site.tasks.host' },
  );

export const shortSecret = (): SteleError =>
  new SteleError('INVALID', 'The gateway’s secret must have 32 bytes or more.');

export const gatewayClosed = (): SteleError => new SteleError('UNREACHABLE', 'The platform is stopping.');
