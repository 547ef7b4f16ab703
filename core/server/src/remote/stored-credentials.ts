import type { EntityManager } from '@mikro-orm/postgresql';
import type { Call, CredentialService, AuthMode, JsonObject } from '@stele/sdk';
import { addressOf, type Schemas } from '../computing/index.ts';
import { Computing, type Database, OwnCredential, type SecretBox, Storage } from '../model/index.ts';
import { credentialsOf } from '../secrets/index.ts';
import { movedSince, noCredentials, noSuchResource, noToken, tokensOfUsers } from './errors.ts';

/** What credentials may be for. */
export type Resource = Computing | Storage;

/** Schemas of a resource's settings, as far as their plugins are active. */
export type SchemasOf = (resource: Resource) => Schemas;

/** Hands drivers and backends what somebody proves themselves with on a resource. */
export class StoredCredentials implements CredentialService {
  readonly #database: Database;
  readonly #secrets: SecretBox;
  readonly #schemasOf: SchemasOf;

  constructor(database: Database, secrets: SecretBox, schemasOf: SchemasOf) {
    this.#database = database;
    this.#secrets = secrets;
    this.#schemasOf = schemasOf;
  }

  async of({ id, auth }: { readonly id: string; readonly auth: AuthMode }, { who }: Call): Promise<JsonObject> {
    const em = this.#database.em();
    const resource = await resourceWith(em, id);
    if (!resource) throw noSuchResource();
    if (auth === 'platform-token') return this.#platforms(resource);
    if (auth !== 'user-token') throw noToken(auth);
    if (who.kind !== 'user') throw tokensOfUsers();
    const own = await em.findOne(OwnCredential, whose(who.id, resource));
    if (!own) throw noCredentials(resource.name);
    if (own.address !== addressAt(resource, this.#schemasOf(resource))) throw movedSince(resource.name);
    return credentialsOf(this.#secrets, own);
  }

  #platforms(resource: Resource): JsonObject {
    const credentials = credentialsOf(this.#secrets, resource);
    if (Object.keys(credentials).length === 0) throw noCredentials(resource.name, 'credentials');
    return credentials;
  }
}

/** A storage that is reached through its computing is used with that one's. */
async function resourceWith(em: EntityManager, id: string): Promise<Resource | undefined> {
  const storage = await em.findOne(Storage, { id });
  if (storage && storage.access !== 'computing') return storage;
  return (await em.findOne(Computing, { id: storage?.computing?.id ?? id })) ?? undefined;
}

/** Where a user's credentials for it go to. */
export function addressAt(resource: Resource, schemas: Schemas): string {
  const { access, accessConf, conf } = resource;
  const kind = resource instanceof Storage ? resource.backend : resource.driver;
  return addressOf({ kind, access, accessConf, conf }, schemas);
}

/** The row of a user's credentials for a resource. */
export function whose(user: string, resource: Resource) {
  return resource instanceof Storage ? { user, storage: resource.id } : { user, computing: resource.id };
}
