import { randomUUID } from 'node:crypto';
import { hasCode, type JsonObject, type JsonSchema } from '@stele/sdk';
import type { OwnCredentialItem } from '@stele/sdk/api';
import type { Viewer } from '../accounts/index.ts';
import { checkedCredentials, type Computings, type Schemas } from '../computing/index.ts';
import { type Database, OwnCredential, type SecretBox, Storage } from '../model/index.ts';
import { splitSecrets } from '../schema/index.ts';
import { credentialsOf, keptSettings, sealSettings } from '../secrets/index.ts';
import type { Storages } from '../storage/index.ts';
import { takesNoTokens } from './errors.ts';
import { addressAt, type Resource, whose } from './stored-credentials.ts';

type Kind = Schemas & { readonly credentials?: JsonSchema };

/** What users' own credentials are looked after with. */
export interface OwnCredentialsParts {
  readonly database: Database;
  readonly secrets: SecretBox;
  readonly computings: Computings;
  readonly storages: Storages;
}

/** What users say and see of their credentials for resources that are used with each user's token. */
export class OwnCredentials {
  readonly #parts: OwnCredentialsParts;

  constructor(parts: OwnCredentialsParts) {
    this.#parts = parts;
  }

  /** Every resource that the viewer may use with credentials of their own. */
  async list(viewer: Viewer): Promise<OwnCredentialItem[]> {
    const { computings, storages, database } = this.#parts;
    const usable = [
      ...(await computings.store.list(viewer)).filter((one) => computings.store.rights(viewer, one).use),
      ...(await storages.store.list(viewer)).filter((one) => storages.store.rights(viewer, one).use),
    ].filter((one) => this.#takesTokens(one));
    const rows = await database.em().find(OwnCredential, { user: viewer.id });
    const known = new Map(rows.map((row) => [(row.computing ?? row.storage)?.id, row]));
    return usable.map((resource) => this.#view(resource, known.get(resource.id)));
  }

  /** Sets them; secrets that are not named stay, if they were for the same address. */
  async put(viewer: Viewer, id: string, values: JsonObject): Promise<OwnCredentialItem> {
    const { database, secrets, computings } = this.#parts;
    const resource = await this.#usable(viewer, id);
    const kind = this.#kindOf(resource);
    const em = database.em();
    const known = (await em.findOne(OwnCredential, whose(viewer.id, resource))) ?? undefined;
    const row = known ?? em.create(OwnCredential, { id: randomUUID(), ...whose(viewer.id, resource) } as never);
    const isKept = known !== undefined && !this.#hasMoved(resource, known);
    const kept = isKept ? keptSettings(secrets, known, { credentials: values }).credentials : {};
    const credentials = checkedCredentials(kind.credentials ?? {}, values, kept);
    row.secrets = sealSettings(secrets, row.id, { credentials }) ?? '{}';
    row.address = addressAt(resource, kind);
    await em.persist(row as object).flush();
    computings.forget(id);
    return this.#view(resource, row);
  }

  async remove(viewer: Viewer, id: string): Promise<void> {
    const resource = await this.#usable(viewer, id);
    await this.#parts.database.em().nativeDelete(OwnCredential, whose(viewer.id, resource));
    this.#parts.computings.forget(id);
  }

  async #usable(viewer: Viewer, id: string): Promise<Resource> {
    const { computings, storages } = this.#parts;
    const isStorage = (await storages.store.find(id)) !== undefined;
    const resource = await (isStorage
      ? storages.store.get(viewer, id, 'use')
      : computings.store.get(viewer, id, 'use'));
    if (!this.#takesTokens(resource)) throw takesNoTokens();
    return resource;
  }

  #takesTokens(resource: Resource): boolean {
    return (
      resource.auth === 'user-token' &&
      resource.access !== 'computing' &&
      this.#kindOf(resource).credentials !== undefined
    );
  }

  #kindOf(resource: Resource): Kind {
    const { computings, storages } = this.#parts;
    return resource instanceof Storage ? storages.schemas(resource) : computings.schemas(resource);
  }

  /** Nothing, too, where the secret key is another one now: then they are entered again. */
  #opened(row: OwnCredential): JsonObject | undefined {
    try {
      return credentialsOf(this.#parts.secrets, row);
    } catch (error) {
      if (hasCode(error, 'DENIED')) return undefined;
      throw error;
    }
  }

  #hasMoved(resource: Resource, { address }: OwnCredential): boolean {
    return address !== addressAt(resource, this.#kindOf(resource));
  }

  #view(resource: Resource, row: OwnCredential | undefined): OwnCredentialItem {
    const schema = this.#kindOf(resource).credentials ?? {};
    const values = row && !this.#hasMoved(resource, row) ? this.#opened(row) : undefined;
    const { open, paths } = splitSecrets(schema, values ?? {});
    return {
      id: resource.id,
      resource: resource instanceof Storage ? 'storage' : 'computing',
      name: resource.name,
      schema: { ...schema },
      values: { ...open },
      secrets: [...paths],
      state: values ? 'set' : row ? 'moved' : 'missing',
      ...(row ? { updatedAt: row.updatedAt.toISOString() } : {}),
    };
  }
}
