import { SteleError } from '@stele/sdk';

/** What a token says of itself. Only its cluster can tell whether that is true. */
export interface TokenClaims {
  /** When it ends, seconds since 1970. */
  readonly exp?: number;
  /** Whose it is. */
  readonly sun?: string;
}

/** Reads a token without believing it. Its text stays out of the error. INVALID for what is none. */
export function parseToken(token: string, field = 'conf.restToken'): TokenClaims {
  const [, payload] = /^[\w-]+\.([\w-]+)\.[\w-]+$/.exec(token) ?? [];
  const { exp, sun } = payload === undefined ? invalid(field) : claimsOf(payload, field);
  return {
    ...(typeof exp === 'number' && Number.isFinite(exp) ? { exp } : {}),
    ...(typeof sun === 'string' && sun !== '' ? { sun } : {}),
  };
}

function claimsOf(payload: string, field: string): { readonly exp?: unknown; readonly sun?: unknown } {
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    return typeof claims === 'object' && claims !== null ? claims : invalid(field);
  } catch {
    // A parser's error would show the token's text.
    return invalid(field);
  }
}

function invalid(field: string): never {
  const message = 'This is no token of Slurm. It is what “scontrol token” prints after “SLURM_JWT=”.';
  throw new SteleError('INVALID', message, { field });
}
