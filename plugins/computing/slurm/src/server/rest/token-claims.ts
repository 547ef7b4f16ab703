import { SteleError } from '@stele/sdk';

/** What a token says of itself. Only its cluster can tell whether that is true. */
export interface TokenClaims {
  /** When it ends, seconds since 1970. */
  readonly exp?: number;
}

/** Reads a token without believing it. Its text stays out of the error. INVALID for what is none. */
export function parseToken(token: string): TokenClaims {
  const [, payload] = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(token) ?? [];
  const { exp } = payload === undefined ? invalid() : claimsOf(payload);
  return typeof exp === 'number' && Number.isFinite(exp) ? { exp } : {};
}

function claimsOf(payload: string): { readonly exp?: unknown } {
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? claims : invalid();
  } catch {
    // A parser's error would show the token's text.
    return invalid();
  }
}

function invalid(): never {
  const message = 'This is no token of Slurm. It is what “scontrol token” prints after “SLURM_JWT=”.';
  throw new SteleError('INVALID', message, { field: 'conf.restToken' });
}
