import { hasCode, SteleError } from '@stele/sdk';
import { Type } from 'typebox';
import { meaningOfWords } from '../failures.ts';
import { read } from './dialects/read.ts';

const statuses = Type.Object({
  status: Type.Optional(
    Type.Union([
      Type.Null(),
      Type.Array(Type.Object({ error: Type.Object({ code: Type.Integer(), message: Type.String() }) })),
    ]),
  ),
});

/** What v0.0.42 says of the jobs that it was told to end, in an answer that is good. Nothing when all were told. Pure. */
export function refusals(body: Readonly<Record<string, unknown>>): SteleError | undefined {
  const first = read(statuses, body).status?.find(({ error }) => error.code !== 0);
  if (first === undefined) return undefined;
  const { message } = first.error;
  const unforeseen = new SteleError('PROTOCOL', `Slurm’s REST API could not end the job: ${message.slice(0, 300)}`);
  return meaningOfWords(message, message.slice(0, 300)) ?? unforeseen;
}

/** A job that ended meanwhile, or is just about to, is what was asked for. */
export function endedBefore(error: SteleError): boolean {
  return hasCode(error, 'NOT_FOUND', 'CONFLICT');
}
