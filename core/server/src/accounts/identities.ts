import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { ExternalIdentity as ProvenIdentity } from '@stele/sdk';
import { type Database, ExternalIdentity, User } from '../model/index.ts';
import { identityTaken, identityUnusable, keepsToProvider, noSuchIdentity, notLetIn, notVerified } from './errors.ts';
import { madeHere, normalEmail, type Users } from './users.ts';

/** The user behind an identity; or the address of one whom it may be linked to, should they say so. */
export type Resolved =
  { readonly kind: 'user'; readonly user: User } | { readonly kind: 'unlinked'; readonly email: string };

/**
 * Who is who: `(issuer, subject)` names a user, nothing else does. An e-mail address is a description; an account is
 * never given away because somebody elsewhere says they have its address.
 */
export class Identities {
  readonly #database: Database;
  readonly #users: Users;

  constructor(database: Database, users: Users) {
    this.#database = database;
    this.#users = users;
  }

  /**
   * The user behind an identity.
   * @param mayCreate whether the provider may bring users that are not known yet
   * @throws DENIED for whoever is not let in; CONFLICT when the address is that of an account of another provider's
   */
  async resolve(provider: string, identity: ProvenIdentity, mayCreate: boolean): Promise<Resolved> {
    const em = this.#database.em();
    const where = keyOf(provider, identity);
    const known = await em.findOne(ExternalIdentity, where, { populate: ['user'] });
    if (known) return { kind: 'user', user: letIn(known.user) };
    const email = verified(identity);
    const owner = email === undefined ? undefined : await em.findOne(User, { email });
    if (email !== undefined && owner) return unlinked(owner, email);
    if (!mayCreate) throw notLetIn();
    if (email === undefined) throw notVerified();
    return { kind: 'user', user: await this.#create(provider, identity, email) };
  }

  /** Links one more identity to a user who is logged in and asked for it. */
  async link(userId: string, provider: string, identity: Pick<ProvenIdentity, 'issuer' | 'subject'>): Promise<void> {
    const em = this.#database.em();
    const where = keyOf(provider, identity);
    const known = await em.findOne(ExternalIdentity, where);
    if (known && known.user.id !== userId) throw identityTaken();
    if (known) return;
    em.create(ExternalIdentity, { provider, ...where, user: userId });
    await em.flush().catch((error: unknown) => {
      throw error instanceof UniqueConstraintViolationException ? identityTaken() : error;
    });
  }

  /**
   * Lets go of one that was linked. CONFLICT for the one that the account came with; NOT_FOUND for another's.
   * @returns its provider
   */
  async unlink(userId: string, id: string): Promise<string> {
    const em = this.#database.em();
    const found = await em.findOne(ExternalIdentity, { id, user: userId }, { populate: ['user'] });
    if (!found) throw noSuchIdentity();
    if (found.provider === found.user.provider) throw keepsToProvider();
    await em.remove(found).flush();
    return found.provider;
  }

  /** Who the user is at a provider. */
  async subject(userId: string, provider: string): Promise<string | undefined> {
    return (await this.#database.em().findOne(ExternalIdentity, { user: userId, provider }))?.subject;
  }

  /** Everything that names a user, the eldest first. */
  async list(userId: string): Promise<ExternalIdentity[]> {
    return await this.#database.em().find(ExternalIdentity, { user: userId }, { orderBy: { createdAt: 'asc' } });
  }

  async #create(provider: string, identity: ProvenIdentity, email: string): Promise<User> {
    const { issuer, subject } = keyOf(provider, identity);
    const name = identity.name?.replace(/\p{C}/gu, '').trim().slice(0, 200) || email;
    const wish = identity.username === undefined ? {} : { username: identity.username };
    return await this.#users.insert({ email, name, provider, issuer, subject, ...wish });
  }
}

/** @throws DENIED for one that can't be told from others for certain: never cut, never changed */
function keyOf(provider: string, { issuer = provider, subject }: Pick<ProvenIdentity, 'issuer' | 'subject'>) {
  if (issuer === '' || subject === '' || issuer.length > 1000 || subject.length > 255) throw identityUnusable();
  return { issuer, subject };
}

function verified({ email, emailVerified }: ProvenIdentity): string | undefined {
  return email === undefined || !emailVerified ? undefined : normalEmail(email);
}

/** Who came from a provider keeps to it. */
function unlinked(owner: User, email: string): Resolved {
  if (letIn(owner).provider !== madeHere) throw keepsToProvider();
  return { kind: 'unlinked', email };
}

function letIn(user: User): User {
  if (user.disabledAt) throw notLetIn();
  return user;
}
