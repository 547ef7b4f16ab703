import type { ProviderSettings } from '../settings.ts';

/** What a provider says of somebody: of the ID token, and of its userinfo endpoint. */
export interface Claims {
  readonly token: Readonly<Record<string, unknown>>;
  readonly info: Readonly<Record<string, unknown>>;
}

/** A claim by its name, or by a path with dots; the token's before the other's. Pure. */
export function claim({ token, info }: Claims, name: string): unknown {
  return within(token, name) ?? within(info, name);
}

/** A claim that is a text with something in it. Pure. */
export function textOf(claims: Claims, name: string): string | undefined {
  const value = claim(claims, name);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** Names may hold dots themselves, as in https://example.org/groups: they are tried as they stand first. */
function within(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((place, part) => {
    return typeof place === 'object' && place !== null && Object.hasOwn(place, part)
      ? (place as Readonly<Record<string, unknown>>)[part]
      : undefined;
  }, claims);
}

/** An address, and whether it is verified. */
export interface Mail {
  readonly email?: string;
  readonly emailVerified: boolean;
}

/**
 * The address with its mark, both from one place: an address of the one must not be verified by the other. Verified is
 * what is `true`; the text "true" is what some send who verify nothing. Pure.
 */
export function mailOf({ token, info }: Claims): Mail {
  const whole = [token, info].find((one) => one['email'] !== undefined && one['email_verified'] !== undefined);
  const { email, email_verified: mark } = whole ?? (token['email'] === undefined ? info : token);
  if (typeof email !== 'string' || !/^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email) || email.length > 254) {
    return { emailVerified: false };
  }
  return { email, emailVerified: mark === true };
}

/** The groups of the claim: a list of texts, or one text. Anything else is no group. Pure. */
export function groupsOf(claims: Claims, { groupsClaim }: Pick<ProviderSettings, 'groupsClaim'>): string[] {
  const value = claim(claims, groupsClaim);
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return [...new Set(list.filter((one): one is string => typeof one === 'string' && one !== ''))];
}
