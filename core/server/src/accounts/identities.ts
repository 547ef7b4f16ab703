import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { ExternalIdentity as ProvenIdentity } from '@stele/sdk';
import { type Database, ExternalIdentity, User } from '../model/index.ts';
import { emailBelongsToAnother, identityTaken, notLetIn, notVerified } from './errors.ts';
import { normalEmail, type Users } from './users.ts';

/**
 * Who is who: a provider's `(provider, subject)` names a user, nothing else does. An e-mail address is a description; an
 * account is never given away because somebody elsewhere says they have its address.
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
   * @throws DENIED for whoever is not let in; CONFLICT when the address is that of an account that is not linked
   */
  async resolve(provider: string, identity: ProvenIdentity, mayCreate: boolean): Promise<User> {
    const em = this.#database.em();
    const where = { provider, subject: identity.subject };
    const known = await em.findOne(ExternalIdentity, where, { populate: ['user'] });
    if (known) return letIn(known.user);
    if (!mayCreate) throw notLetIn();
    return await this.#create(provider, identity);
  }

  /** Links one more identity to a user who is logged in and asked for it. */
  async link(userId: string, provider: string, subject: string): Promise<void> {
    const em = this.#database.em();
    const known = await em.findOne(ExternalIdentity, { provider, subject });
    if (known && known.user.id !== userId) throw identityTaken();
    if (known) return;
    em.create(ExternalIdentity, { provider, subject, user: userId });
    await em.flush().catch((error: unknown) => {
      throw error instanceof UniqueConstraintViolationException ? identityTaken() : error;
    });
  }

  /** Who the user is at a provider. */
  async subject(userId: string, provider: string): Promise<string | undefined> {
    return (await this.#database.em().findOne(ExternalIdentity, { user: userId, provider }))?.subject;
  }

  async #create(provider: string, { subject, email, emailVerified, name }: ProvenIdentity): Promise<User> {
    if (email === undefined || !emailVerified) throw notVerified();
    const address = normalEmail(email);
    if ((await this.#database.em().count(User, { email: address })) > 0) throw emailBelongsToAnother();
    return await this.#users.insert({ email: address, name: name?.trim().slice(0, 200) || address, provider, subject });
  }
}

function letIn(user: User): User {
  if (user.disabledAt) throw notLetIn();
  return user;
}
