import * as oidc from 'openid-client';
import type { Claims } from './claims.ts';

/** Claims that were checked, with the token that they are from. */
export interface ProvenClaims extends Claims {
  readonly idToken: string;
}

/**
 * Redeems the code of an answer and checks what it is worth: state, issuer, nonce, signature, audience, times.
 * @param answer the address that the browser came back to
 * @param tolerance seconds that clocks may differ by
 */
export async function claimsBy(
  client: oidc.Configuration,
  answer: URL,
  checks: { readonly pkceCodeVerifier: string; readonly expectedState: string; readonly expectedNonce: string },
  tolerance: number,
): Promise<ProvenClaims> {
  const tokens = await oidc.authorizationCodeGrant(client, answer, { ...checks, idTokenExpected: true });
  const token = tokens.claims();
  if (!token || tokens.id_token === undefined) throw problem('ID_TOKEN_MISSING');
  if (token.iat > Date.now() / 1000 + tolerance) throw problem('ISSUED_IN_THE_FUTURE');
  const info = client.serverMetadata().userinfo_endpoint
    ? await oidc.fetchUserInfo(client, tokens.access_token, token.sub)
    : {};
  return { token: { ...token }, info: { ...info }, idToken: tokens.id_token };
}

/** What the library leaves unchecked. */
function problem(code: string): Error {
  return Object.assign(new Error('the ID token is not acceptable'), { code });
}
