import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { ExternalIdentity as ProvenIdentity } from '@stele/sdk';
import { type Database, ExternalIdentity, User } from '../model/index.ts';
import { identityTaken, identityUnusable, keepsToProvider, noSuchIdentity, notLetIn, notVerified } from './errors.ts';
import { normalEmail, type Users } from './users.ts';

/** The user behind an identity; or the address of one whom it may be linked to, should they say so. */
export type Resolved =
  { readonly kind: 'user'; readonly user: User } | { readonly kind: 'unlinked'; readonly email: string };

type Identity = Pick<ProvenIdentity, 'issuer' | 'subject'>;

/** Whose secrets a provider keeps, as it calls them, and whether it has been told before. */
export interface SecretOwner {
  readonly subject: string;
  readonly isKnown: boolean;
}

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

  /** Links one more identity to a user who is logged in and asked for it. CONFLICT when it is somebody else's. */
  async link(userId: string, provider: string, identity: Identity): Promise<void> {
    await this.#add(userId, provider, identity, true);
  }

  /**
   * From now on the provider's word for `subject` lets the user in: it keeps a secret that they, or an administrator for
   * them, have set here. Nothing that the provider itself says does this. CONFLICT when it is somebody else's.
   */
  async entrust(userId: string, provider: string, subject: string): Promise<void> {
    await this.#add(userId, provider, { subject }, false);
  }

  /**
   * Lets go of one that was linked. CONFLICT for one that wasn't; NOT_FOUND for another's.
   * @returns its provider
   */
  async unlink(userId: string, id: string): Promise<string> {
    const em = this.#database.em();
    const found = await em.findOne(ExternalIdentity, { id, user: userId });
    if (!found) throw noSuchIdentity();
    if (!found.isLinked) throw keepsToProvider();
    await em.remove(found).flush();
    return found.provider;
  }

  /**
   * Who the user is at a provider that keeps secrets: whom it knows; else, of one who was made here, their address.
   * `undefined` where they are nobody, or where it knows somebody else by the address.
   */
  async secretOwner({ id, email, provider: came }: User, provider: string): Promise<SecretOwner | undefined> {
    const em = this.#database.em();
    const known = await em.findOne(ExternalIdentity, { user: id, provider });
    if (known) return { subject: known.subject, isKnown: true };
    if (came) return undefined;
    const isTaken = (await em.count(ExternalIdentity, keyOf(provider, { subject: email }))) > 0;
    return isTaken ? undefined : { subject: email, isKnown: false };
  }

  /** Everything that names a user, the eldest first. */
  async list(userId: string): Promise<ExternalIdentity[]> {
    return await this.#database.em().find(ExternalIdentity, { user: userId }, { orderBy: { createdAt: 'asc' } });
  }

  async #add(userId: string, provider: string, identity: Identity, isLinked: boolean): Promise<void> {
    const key = keyOf(provider, identity);
    if (await this.#isTheirs(userId, key)) return;
    const em = this.#database.em();
    em.create(ExternalIdentity, { provider, ...key, isLinked, user: userId });
    await em.flush().catch(async (error: unknown) => {
      // Another request may have been first: the same user's, or another's.
      if (!(error instanceof UniqueConstraintViolationException) || !(await this.#isTheirs(userId, key))) throw error;
    });
  }

  /** @throws CONFLICT when it is somebody else's */
  async #isTheirs(userId: string, key: ReturnType<typeof keyOf>): Promise<boolean> {
    const known = await this.#database.em().findOne(ExternalIdentity, key);
    if (known && known.user.id !== userId) throw identityTaken();
    return known !== null;
  }

  async #create(provider: string, identity: ProvenIdentity, email: string): Promise<User> {
    const name = identity.name?.replace(/\p{C}/gu, '').trim().slice(0, 200) || email;
    const wish = identity.username === undefined ? {} : { username: identity.username };
    return await this.#users.insert({ email, name, identity: { provider, ...keyOf(provider, identity) }, ...wish });
  }
}

/** @throws DENIED for one that can't be told from others for certain: never cut, never changed */
function keyOf(provider: string, { issuer = provider, subject }: Identity) {
  if (issuer === '' || subject === '' || issuer.length > 1000 || subject.length > 255) throw identityUnusable();
  return { issuer, subject };
}

function verified({ email, emailVerified }: ProvenIdentity): string | undefined {
  return email === undefined || !emailVerified ? undefined : normalEmail(email);
}

/** Who came from a provider keeps to it. */
function unlinked(owner: User, email: string): Resolved {
  if (letIn(owner).provider) throw keepsToProvider();
  return { kind: 'unlinked', email };
}

function letIn(user: User): User {
  if (user.disabledAt) throw notLetIn();
  return user;
}
