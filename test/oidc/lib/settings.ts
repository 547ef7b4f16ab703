import type { ProviderSettings } from '../../../plugins/auth/oidc/src/settings.ts';

/** Settings of a provider as the host hands them over: defaults filled in. */
export function settingsFor(issuer: string, more: Partial<ProviderSettings> = {}): ProviderSettings {
  return {
    title: 'The institute',
    issuer,
    clientId: 'stele',
    scopes: ['openid', 'profile', 'email'],
    allow: { everybody: true },
    newUsers: true,
    userNameClaim: 'preferred_username',
    groupsClaim: 'groups',
    logOut: 'provider',
    clockTolerance: 30,
    ...more,
  };
}
