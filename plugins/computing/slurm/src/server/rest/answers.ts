import { SteleError } from '@stele/sdk';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { meaningOfWords } from '../failures.ts';
import type { Answer } from './door.ts';

/** One thing that went wrong, as slurmrestd tells it: three names for the number, by whichever part of it speaks. */
const complaint = Type.Object({
  error: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  description: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  source: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  error_number: Type.Optional(Type.Integer()),
  error_code: Type.Optional(Type.Integer()),
  errno: Type.Optional(Type.Integer()),
});
type Complaint = Static<typeof complaint>;

const envelope = Type.Object({ errors: Type.Optional(Type.Union([Type.Array(complaint), Type.Null()])) });

/** An answer of slurmrestd, whatever it says. */
export interface Said {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly complaints: readonly Complaint[];
}

/** Numbers of Slurm's errors that say something about the answer itself. */
const numbers = {
  /** Of any question, in 22.05: the controller is away, or it didn't take the token. */
  unspecified: -1,
  /** Of an order of somebody whom the controller didn't believe, in 22.05. */
  zeroBytes: 5005,
  /** The same, of a change to a job. */
  unexpectedMessage: 1000,
  protocolAuthentication: 1007,
  nothingFound: 9003,
  invalidJob: 2017,
} as const;

/** Reads an answer's envelope. DENIED, UNREACHABLE, UNSUPPORTED, PROTOCOL by its status, or when it is none. */
export function readAnswer({ status, text }: Answer): Said {
  const isText = !text.trimStart().startsWith('{');
  if (status === 401 || (status === 403 && isText)) throw denied('asks for a token, and takes none of ours', text);
  if (status === 511) throw tokenRefused(text);
  if (status === 404 && isText) {
    const message =
      'Slurm’s REST API doesn’t have what was asked for: its version has changed, or a plugin isn’t loaded.';
    throw new SteleError('UNSUPPORTED', message, { raw: raw(text) });
  }
  const body = jsonOf(text);
  if (!Value.Check(envelope, body)) throw noAnswer(status, text);
  const said = { status, body: body as Said['body'], complaints: body.errors ?? [] };
  if (hasNumber(said, numbers.protocolAuthentication)) throw tokenRefused(text);
  return said;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function noAnswer(status: number, text: string): SteleError {
  if (status === 502 || status === 503 || status === 504) {
    return new SteleError('UNREACHABLE', `What is before Slurm’s REST API gets no answer from it (${status}).`, {
      raw: raw(text),
    });
  }
  const message = `What answers as Slurm’s REST API (${status}) says something that slurmrestd doesn’t.`;
  return new SteleError('PROTOCOL', message, { raw: raw(text) });
}

/** The token was shown, and isn't believed. */
export function tokenRefused(text = ''): SteleError {
  return denied(
    'doesn’t take the token: it may be signed with another key, have ended, be another account’s, or a clock is wrong',
    text,
  );
}

function denied(what: string, text: string): SteleError {
  return new SteleError('DENIED', `Slurm’s REST API ${what}.`, { field: 'conf.restKey', raw: raw(text) });
}

function raw(text: string): string {
  return text.slice(0, 4_096);
}

function hasNumber({ complaints }: Said, ...wanted: readonly number[]): boolean {
  return complaints.some(({ error_number: one, error_code: two, errno: three }) =>
    [one, two, three].some((number) => number !== undefined && wanted.includes(number)),
  );
}

/** Whether a failure may mean either that the controller is away or that it doesn't take the token: 22.05 says no more. */
export function isAmbiguous(said: Said): boolean {
  return said.status === 500 && hasNumber(said, numbers.unspecified, numbers.zeroBytes, numbers.unexpectedMessage);
}

/** Whether the words are those to who was believed, and named a job that isn't there. */
export function knowsNoSuchJob(said: Said): boolean {
  return hasNumber(said, numbers.invalidJob);
}

/** Whether the words are those of 22.05 to an order of somebody who wasn't believed. */
export function saysZeroBytes(said: Said): boolean {
  return hasNumber(said, numbers.zeroBytes);
}

/** Whether nothing is wrong, or nothing but that there is nothing. A failure may come with status 200. */
export function isGood(said: Said): boolean {
  return said.status < 400 && (said.complaints.length === 0 || hasNumber(said, numbers.nothingFound));
}

/** What the complaints mean. */
export function failureOf(said: Said, what: string): SteleError {
  const words = said.complaints.map(({ error, description }) => [error, description].filter(Boolean).join(': '));
  const all = words.join('\n');
  const known = meaningOfWords(all, (words[0] ?? '').slice(0, 300));
  if (known !== undefined) return known;
  const rest = words[0] ?? `it answered with status ${said.status}`;
  return new SteleError('PROTOCOL', `Slurm’s REST API could not ${what}: ${rest.slice(0, 300)}`, { raw: all });
}
