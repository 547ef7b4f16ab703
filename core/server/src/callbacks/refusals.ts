import { SteleError } from '@stele/sdk';

/** Also for one that was closed: whoever is late learns no more than who guesses. */
export const nobodyWaits = (): SteleError => new SteleError('NOT_FOUND', 'Nobody waits for calls at this address.');

export const notYours = (): SteleError => new SteleError('DENIED', 'This call doesn’t show the secret of its task.');

export const usedUp = (): SteleError =>
  new SteleError('DENIED', 'This ticket was used by somebody else, who calls with a secret of their own.');

export const fromElsewhere = (): SteleError =>
  new SteleError('DENIED', 'Calls of this task may not come from this address.');

export const toldBefore = (step: number): SteleError =>
  new SteleError('CONFLICT', `Step ${step} was told before.`, { field: 'step' });

export const tooFar = (step: number, next: number): SteleError =>
  new SteleError('INVALID', `Step ${step} can’t be told before step ${next}.`, { field: 'step' });

export const isOver = (): SteleError =>
  new SteleError('CONFLICT', 'This task has told its end: nothing comes after it.', { field: 'step' });

export const parcelTooBig = (): SteleError =>
  new SteleError('LIMIT', 'What the task is to be handed is larger than 1 MiB.');
