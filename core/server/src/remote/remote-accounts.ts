import type { AccessTarget, Call, LoginKey, RemoteAccount, RemoteAccountService, UserIdentity } from '@stele/sdk';
import { Account, type Database, type KeyPair, Storage } from '../model/index.ts';
import { noKeysHere, usersOnly } from './errors.ts';
import type { KeyOwner, KeyPairs } from './key-pairs.ts';

/** Tells access methods who somebody is on a host, and hands them the key that proves it. */
export class StoredAccounts implements RemoteAccountService {
  readonly #database: Database;
  readonly #keys: KeyPairs;

  constructor(database: Database, keys: KeyPairs) {
    this.#database = database;
    this.#keys = keys;
  }

  async of({ resource, auth }: Pick<AccessTarget, 'resource' | 'auth'>, call: Call): Promise<RemoteAccount> {
    const { who, isTrial = false } = call;
    if (auth === 'platform-keys') return this.#logIn('platform', isTrial);
    if (auth !== 'user-keys') throw noKeysHere(auth);
    if (who.kind !== 'user') throw usersOnly();
    const username = await this.#username(resource, who);
    const logIn = await this.#logIn({ id: who.id, username: who.name }, isTrial);
    return { ...logIn, ...(username === undefined ? {} : { username }) };
  }

  /** In a trial without the key before: what counts then is whether the new one is known. */
  async #logIn(owner: KeyOwner, isTrial: boolean): Promise<Pick<RemoteAccount, 'key' | 'previous'>> {
    const current = await this.#keys.current(owner);
    const previous = isTrial ? undefined : await this.#keys.previous(owner);
    return { key: this.#usable(current), ...(previous ? { previous: this.#usable(previous) } : {}) };
  }

  #usable(key: KeyPair): LoginKey {
    const privateKey = this.#keys.open(key);
    return { privateKey, ...(key.certificate ? { certificate: key.certificate } : {}) };
  }

  /** A storage that belongs to a computing is on the same host: one account is enough. */
  async #username(resource: string, who: UserIdentity): Promise<string | undefined> {
    const em = this.#database.em();
    const storage = await em.findOne(Storage, { id: resource });
    const computing = storage?.computing?.id ?? resource;
    const account = await em.findOne(Account, { user: who.id, computing });
    return account?.username ?? undefined;
  }
}
