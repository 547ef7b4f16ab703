import type { AccessTarget, Call, RemoteAccount, RemoteAccountService, UserIdentity } from '@stele/sdk';
import type { Database } from '../model/index.ts';
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
    const [key, previous] = await this.#keys.forLogIn(owner);
    return { key, ...(previous && !isTrial ? { previous } : {}) };
  }

  /** A storage that belongs to a computing is on the same host: one account is enough. */
  async #username(resource: string, who: UserIdentity): Promise<string | undefined> {
    const [row] = await this.#database.orm.em
      .getConnection()
      .execute<{ username: string | null }[]>(usernameThere, [who.id, resource, resource]);
    return row?.username ?? undefined;
  }
}

const usernameThere = `select username from accounts
  where user_id = ? and computing_id = coalesce((select computing_id from storages where id = ?), ?)`;
