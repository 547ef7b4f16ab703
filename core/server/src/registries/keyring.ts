import { hasCode, registryName, type RegistryCredentials } from '@stele/sdk';
import type { Viewer } from '../accounts/index.ts';
import { type Database, type Owner, ownerOf, RegistryCredential, type SecretBox } from '../model/index.ts';
import { chosen, type Occasion } from './choice.ts';
import { unreadable } from './errors.ts';
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

  /** Which credentials somebody's launch gets for the registry of its image: their id, if there are any. */
  async choose(viewer: Viewer, occasion: Occasion, registry: string): Promise<string | undefined> {
    const rows = await this.#database
      .em()
      .find(RegistryCredential, { registry: registryName(registry) }, { orderBy: { id: 'asc' } });
    const candidates = rows.map((row) => ({ id: row.id, shared: row.shared, owner: ownerOf(row) }));
    return chosen(viewer, occasion, candidates)?.id;
  }

  /**
   * What was chosen, as it is now: nothing where it was removed since, or is for another registry than this one.
   * @throws DENIED when the secret key is another one now
   */
  async open(id: string, registry: string): Promise<Lent | undefined> {
    const row = await this.#database.em().findOne(RegistryCredential, { id, registry: registryName(registry) });
    if (!row) return undefined;
    return { owner: ownerOf(row), credentials: { username: row.username, password: this.#opened(row) } };
  }

  #opened(row: RegistryCredential): string {
    try {
      return openPassword(this.#secrets, row);
    } catch (error) {
      throw hasCode(error, 'DENIED') ? unreadable(row.registry, error) : error;
    }
  }
}
