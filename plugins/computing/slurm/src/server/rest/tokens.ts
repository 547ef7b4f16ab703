import { createHmac } from 'node:crypto';
import { SteleError } from '@stele/sdk';
import { parseToken } from './token-claims.ts';

/** Seconds that a token of ours lives. A new one is made for each request: a clock of the cluster may be wrong by as much. */
const life = 600;

/** What a resource says of proofs. */
export interface TokenConf {
  /** The cluster's key, base64. Secret. */
  readonly restKey?: string;
  /** A token that somebody made. Secret. */
  readonly restToken?: string;
}

/** Proves to slurmrestd who asks. */
export interface Tokens {
  /**
   * A token for an account, good for the next minutes.
   * @throws DENIED when it has ended, and isn't ours to renew
   */
  of(user: string): string;
  /** When it ends, where it isn't ours to renew. ISO 8601. */
  readonly endsAt?: string;
}

/** Where a token is entered, for words about it. */
export interface TokenPlace {
  readonly field: string;
  /** A sentence. */
  readonly advice: string;
}

const inSettings = { field: 'conf.restToken', advice: 'Enter another one in the resource’s settings.' };

/** INVALID unless there is a key or a token. */
export function tokensOf(
  { restKey, restToken }: TokenConf,
  now: () => number = seconds,
  place: TokenPlace = inSettings,
): Tokens {
  if (restKey !== undefined && restKey !== '') return signing(keyOf(restKey), now);
  if (restToken !== undefined && restToken !== '') return given(restToken.trim(), now, place);
  const message = 'Slurm’s REST API lets nobody in without a token: give the cluster’s key for tokens, or a token.';
  throw new SteleError('INVALID', message, { field: 'conf.restKey' });
}

function seconds(): number {
  return Math.floor(Date.now() / 1000);
}

function keyOf(text: string): Buffer {
  const key = Buffer.from(text.trim(), 'base64');
  // Slurm takes keys of any length; a short one can be guessed.
  if (key.length >= 16 && /^[A-Za-z0-9+/_-]+={0,2}$/.test(text.trim())) return key;
  const message = 'This is no key for tokens. It is what “base64 -w0 jwt_hs256.key” prints.';
  throw new SteleError('INVALID', message, { field: 'conf.restKey' });
}

function signing(key: Buffer, now: () => number): Tokens {
  return { of: (user) => signToken(key, user, now(), life) };
}

/** A token as Slurm takes it: HS256 over issue, end and account. Pure. */
export function signToken(key: Buffer, user: string, now: number, lifespan: number): string {
  const parts = [
    { alg: 'HS256', typ: 'JWT' },
    { exp: now + lifespan, iat: now, sun: user },
  ];
  const head = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${head}.${createHmac('sha256', key).update(head).digest('base64url')}`;
}

function given(token: string, now: () => number, { field, advice }: TokenPlace): Tokens {
  const { exp } = parseToken(token, field);
  if (exp === undefined) return { of: () => token };
  const endsAt = new Date(exp * 1000).toISOString();
  return {
    endsAt,
    of() {
      if (now() < exp) return token;
      const message = `The token for Slurm’s REST API ended at ${endsAt}. ${advice}`;
      throw new SteleError('DENIED', message, { field });
    },
  };
}
