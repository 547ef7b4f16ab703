import { domainToASCII } from 'node:url';
import type { ProviderSettings } from '../settings.ts';
import type { Mail } from './claims.ts';

/** What of somebody can be on a list. */
export interface Guest extends Mail {
  readonly subject: string;
  /** As the provider calls them. */
  readonly groups: readonly string[];
}

/** Whether somebody is let in: everybody, or who is on one of the lists. Pure. */
export function isAllowed(
  { everybody, emailDomains = [], groups = [], subjects = [] }: ProviderSettings['allow'],
  guest: Guest,
): boolean {
  if (everybody === true) return true;
  if (subjects.includes(guest.subject)) return true;
  if (guest.groups.some((group) => groups.includes(group))) return true;
  const domain = domainOf(guest);
  return domain !== undefined && emailDomains.some((allowed) => canonical(allowed) === domain);
}

/** Of a verified address, and all of it: neither the end of another nor a part. */
function domainOf({ email, emailVerified }: Mail): string | undefined {
  if (!emailVerified || email === undefined) return undefined;
  return canonical(email.slice(email.lastIndexOf('@') + 1)) || undefined;
}

const canonical = (domain: string): string => domainToASCII(domain.trim().toLowerCase());
