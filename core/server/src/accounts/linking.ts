import type { ExternalIdentity, JsonObject } from '@stele/sdk';
import type { BrowserStates } from './browser-states.ts';
import type { Claims } from './claims.ts';
import { keepsToProvider, nothingToLink, noSuchUser, otherAddress } from './errors.ts';
import type { Identities } from './identities.ts';
import { normalEmail, type Users } from './users.ts';

/** The parts that linking puts together. */
export interface LinkingParts {
  readonly states: BrowserStates;
  readonly identities: Identities;
  readonly claims: Claims;
  readonly users: Users;
}

const waiting = 'proven identity';

/**
 * How an account gets a second way in. The provider has verified the account's address, and whoever proved the identity is
 * logged in to the account, and says so: one of the two is never enough.
 */
export class Linking {
  readonly #parts: LinkingParts;

  constructor(parts: LinkingParts) {
    this.#parts = parts;
  }

  /** Remembers a proven identity until its owner has logged in to their account, in the same browser. */
  async offer(browser: string, provider: string, identity: ExternalIdentity): Promise<void> {
    const { issuer, subject, email, emailVerified, groups, role } = identity;
    const kept = { subject, emailVerified, groups, ...(email === undefined ? {} : { email }) };
    const more = { ...(issuer === undefined ? {} : { issuer }), ...(role === undefined ? {} : { role }) };
    await this.#parts.states.keep(browser, waiting, { provider, identity: { ...kept, ...more } as JsonObject });
  }

  /**
   * Links what waits in this browser to the user who is logged in there.
   * @returns the provider
   * @throws NOT_FOUND when nothing waits; else as {@link Linking.link}
   */
  async confirm(browser: string, user: string): Promise<string> {
    const found = await this.#parts.states.take(browser, [waiting]);
    if (!found) throw nothingToLink();
    const { provider, identity } = found.value as unknown as { provider: string; identity: ExternalIdentity };
    await this.link(user, provider, identity);
    return provider;
  }

  /**
   * Links an identity to a user who asked for it.
   * @throws DENIED unless the provider has verified the address that the account has; CONFLICT for a user who came from a
   * provider, or when the identity is somebody else's
   */
  async link(userId: string, provider: string, identity: ExternalIdentity): Promise<void> {
    const { users, identities, claims } = this.#parts;
    const user = await users.find(userId);
    if (!user) throw noSuchUser();
    if (user.provider) throw keepsToProvider();
    const { email, emailVerified } = identity;
    if (email === undefined || !emailVerified || normalEmail(email) !== user.email) throw otherAddress();
    await identities.link(userId, provider, identity);
    await claims.follow(userId, provider, identity);
  }
}
