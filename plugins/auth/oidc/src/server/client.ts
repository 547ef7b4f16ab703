import * as oidc from 'openid-client';
import type { ProviderSettings } from '../settings.ts';

/** Seconds that the provider has for each answer. */
const answerLimit = 10;

/**
 * A client for one log-in. It begins without keys: they are fetched at each log-in, so that one who has just changed them is
 * believed, and one whose keys were withdrawn is not.
 */
export function makeClient(
  metadata: oidc.ServerMetadata,
  { clientId, secretBy, clockTolerance }: ProviderSettings,
  secret: string | undefined,
  { isInsecure, signal }: { readonly isInsecure: boolean; readonly signal: AbortSignal },
): oidc.Configuration {
  const client = new oidc.Configuration(
    // The library keeps keys by this object.
    { ...metadata },
    clientId,
    { [oidc.clockTolerance]: clockTolerance },
    authentication(metadata, secret, secretBy),
  );
  client.timeout = answerLimit;
  client[oidc.customFetch] = (url, options) => {
    const signals = [signal, ...(options.signal ? [options.signal] : [])];
    return fetch(url, {
      ...options,
      body: options.body as NonNullable<RequestInit['body']>,
      signal: AbortSignal.any(signals),
    });
  };
  // By TLS alone the library would believe a token of the token endpoint; its signature is checked as well.
  oidc.enableNonRepudiationChecks(client);
  if (isInsecure) oidc.allowInsecureRequests(client);
  return client;
}

function authentication(
  { token_endpoint_auth_methods_supported: methods }: oidc.ServerMetadata,
  secret: string | undefined,
  chosen: ProviderSettings['secretBy'],
): oidc.ClientAuth {
  if (secret === undefined) return oidc.None();
  // What a provider takes that doesn't say so (OpenID Connect Discovery 1.0, 3).
  const takesBasic = methods?.includes('client_secret_basic') ?? true;
  const way = chosen ?? (takesBasic ? 'basic' : 'post');
  return way === 'basic' ? oidc.ClientSecretBasic(secret) : oidc.ClientSecretPost(secret);
}
