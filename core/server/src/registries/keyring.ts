import { registryName, type RegistryCredentials } from '@stele/sdk';
import type { Viewer } from '../accounts/index.ts';
import { type Database, type Owner, ownerOf, RegistryCredential, type SecretBox } from '../model/index.ts';
import { chosen } from './choice.ts';
import { openPassword } from './sealed.ts';

/** Credentials for a registry, and whose they are. */
export interface Lent {
  readonly owner: Owner;
  /** Secret. */
  readonly credentials: RegistryCredentials;
}

/** Finds the credentials that a launch fetches its image with. */
export class Keyring {
  readonly #database: Database;
  readonly #secrets: SecretBox;

  constructor(database: Database, secrets: SecretBox) {
    this.#database = database;
    this.#secrets = secrets;
  }

  /** Which credentials somebody's launch of a software gets for the registry of its image: their id, if there are any. */
  async choose(viewer: Viewer, software: Owner, registry: string): Promise<string | undefined> {
    const rows = await this.#database.em().find(RegistryCredential, { registry: registryName(registry) });
    const candidates = rows.map(({ id, forEveryone, ...columns }) => ({ id, forEveryone, owner: ownerOf(columns) }));
    return chosen(viewer, software, candidates)?.id;
  }

  /**
   * What was chosen, as it is now: nothing where it was removed since, or is for another registry than this one.
   * @throws DENIED when the secret key is another one now
   */
  async open(id: string, registry: string): Promise<Lent | undefined> {
    const row = await this.#database.em().findOne(RegistryCredential, { id, registry: registryName(registry) });
    if (!row) return undefined;
    const { username } = row;
    return { owner: ownerOf(row), credentials: { username, password: openPassword(this.#secrets, row) } };
  }
}
