import { hasCode, SteleError } from '@stele/sdk';
import type { Owner } from '../model/index.ts';

const page = 'on the account page, under Registries';

/**
 * Says of an image that its registry refuses which registry that is, with whose credentials it was asked, and whom to turn
 * to; every other error as it is. Pure.
 * @param owner whose the credentials were; absent: it was asked without any
 */
export function refused(error: unknown, registry: string, owner: Owner | undefined): unknown {
  if (!hasCode(error, 'DENIED') || error.field !== 'image') return error;
  const { message, raw } = error;
  return new SteleError('DENIED', `${message} ${wordsOf(registry, owner)}`, {
    field: 'image',
    ...(raw === undefined ? {} : { raw }),
    cause: error,
  });
}

function wordsOf(registry: string, owner: Owner | undefined): string {
  if (owner === undefined) {
    return `${registry} was asked without credentials: none that may be used there are entered. Enter yours ${page}.`;
  }
  if (owner.kind === 'user') return `${registry} was asked with the credentials that you entered ${page}.`;
  if (owner.kind === 'platform') {
    return `${registry} was asked with the platform’s credentials: tell an administrator.`;
  }
  return `${registry} was asked with the credentials of a group of yours: tell one of its managers.`;
}
