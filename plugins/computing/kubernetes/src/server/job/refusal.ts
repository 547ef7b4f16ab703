import { hasCode, type SteleError } from '@stele/sdk';
import { failureOf } from '../api/failures.ts';
import { fieldsOf, listOf, textOf } from '../pod/seen.ts';

/**
 * What keeps a job from making its pod, by its events: `Error creating: pods "…" is forbidden: exceeded quota: …`. Nothing where that
 * passes by itself. Pure.
 */
export function refusalOf(events: unknown, where: string): SteleError | undefined {
  const said = listOf(fieldsOf(events)['items'])
    .filter(({ reason }) => reason === 'FailedCreate')
    .map(({ message }) => textOf(message).replace(/^Error creating: /, ''));
  const failures = said.flatMap((message) => {
    const code = / is forbidden: /.test(message) ? 403 : / is invalid: /.test(message) ? 422 : undefined;
    return code === undefined ? [] : [failureOf({ code, reason: '', message }, where)];
  });
  return failures.find((failure) => !hasCode(failure, 'UNREACHABLE'));
}
