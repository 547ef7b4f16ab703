import { createHash, randomBytes } from 'node:crypto';

/** 256 bits that nobody guesses, safe in a URL and a cookie. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/**
 * What is stored of a secret. It has 256 random bits, so a fast hash is enough: there is nothing to guess, and the
 * look-up by hash tells nothing through its timing.
 */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The anti-forgery token of a session: whoever has the session's token can compute it, and nobody else. */
export function csrfOf(sessionToken: string): string {
  return createHash('sha256').update(`stele-csrf:${sessionToken}`).digest('base64url');
}
