import type { ExternalIdentity } from '@stele/sdk';
import type { ProviderSettings } from '../settings.ts';
import { isAllowed } from './allowed.ts';
import { type Claims, groupsOf, mailOf, textOf } from './claims.ts';

/**
 * Who the claims say somebody is, by a provider's settings; `undefined` for who is on none of its lists. Pure.
 * @param claims of a token that was checked
 */
export function identityOf(claims: Claims, settings: ProviderSettings): ExternalIdentity | undefined {
  const { iss: issuer, sub: subject } = claims.token as { readonly iss: string; readonly sub: string };
  const mail = mailOf(claims);
  const theirs = groupsOf(claims, settings);
  if (!isAllowed(settings.allow, { ...mail, subject, groups: theirs })) return undefined;
  const name = textOf(claims, 'name');
  const username = textOf(claims, settings.userNameClaim);
  const role = roleOf(theirs, settings.roles);
  return {
    issuer,
    subject,
    ...mail,
    ...(name === undefined ? {} : { name }),
    ...(username === undefined ? {} : { username }),
    groups: namesHere(theirs, settings.groups),
    ...(role === undefined ? {} : { role }),
  };
}

/** What groups are called here; those without a name here are none. */
function namesHere(groups: readonly string[], settings: ProviderSettings['groups']): string[] {
  if (settings === undefined) return [];
  const named = new Map(Object.entries(settings.names ?? {}));
  const here = groups.map((group) => named.get(group) ?? (settings.others ? group : undefined));
  return [...new Set(here.filter((name) => name !== undefined))];
}

function roleOf(groups: readonly string[], roles: ProviderSettings['roles']): 'admin' | 'power' | undefined {
  const isIn = (names: readonly string[] = []): boolean => groups.some((group) => names.includes(group));
  if (isIn(roles?.admin)) return 'admin';
  return isIn(roles?.power) ? 'power' : undefined;
}
