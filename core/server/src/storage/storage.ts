import { randomUUID } from 'node:crypto';
import {
  type AccessMethod,
  type AuthMode,
  type Bind,
  type Call,
  isSteleError,
  type JsonObject,
  type JsonSchema,
  type OpenStorage,
  type Registry,
  type StorageBackend,
  type StorageResource,
  SteleError,
} from '@stele/sdk';
import type { CheckResult, NewStorage, Storage as StorageView, StoragePatch } from '@stele/sdk/api';
import type { Viewer } from '../accounts/index.ts';
import {
  changeOf,
  type Checked,
  checkCombination,
  type Computings,
  needsOperator,
  type Schemas,
  wayOf,
} from '../computing/index.ts';
import { type Computing, ownerOf, type SecretBox, type Storage } from '../model/index.ts';
import { type OwnedStore, type OwnerNames, ownerView } from '../owned/index.ts';
import { keptSettings, sealSettings, type SecretSettings, secretsSet, settingsOf } from '../secrets/index.ts';
import { hostOf, isThrough, throughComputing, type Way } from './through.ts';

/** What storages are made from. */
export interface StorageParts {
  readonly store: OwnedStore<Storage>;
  readonly backends: Registry<StorageBackend>;
  readonly methods: Registry<AccessMethod>;
  readonly computings: Computings;
  readonly secrets: SecretBox;
  /** Files and folders of the platform's own, on its machine. Default: none. */
  readonly platforms?: readonly string[];
}

/** A storage that tasks on a computing mount, and how. */
export interface Mount {
  readonly storage: Pick<Storage, 'id' | 'name'>;
  readonly bind: Bind;
  /** Whether others get to the same files. */
  readonly isShared: boolean;
}

/** File trees that users browse and tasks mount. */
export class Storages {
  readonly store: OwnedStore<Storage>;
  readonly #backends: Registry<StorageBackend>;
  readonly #methods: Registry<AccessMethod>;
  readonly #computings: Computings;
  readonly #secrets: SecretBox;
  readonly #platforms: readonly string[];

  constructor({ store, backends, methods, computings, secrets, platforms = [] }: StorageParts) {
    this.store = store;
    this.#backends = backends;
    this.#methods = methods;
    this.#computings = computings;
    this.#secrets = secrets;
    this.#platforms = platforms;
  }

  async create(viewer: Viewer, input: NewStorage): Promise<Storage> {
    const { owner, name, backend, computing, readOnly = false, browsable = true } = input;
    const id = randomUUID();
    const parts = this.#sealed(id, await this.#checked(viewer, backend, input));
    const values = { id, name, backend, computing, readOnly, browsable, ...parts };
    return this.store.create(viewer, owner, values as unknown as Partial<Storage>);
  }

  async update(viewer: Viewer, id: string, patch: StoragePatch): Promise<Storage> {
    const now = await this.store.get(viewer, id, 'change');
    const { access, auth, accessConf, conf } = now;
    const { owner, name = now.name, backend = now.backend, readOnly = now.readOnly, browsable = now.browsable } = patch;
    const computing = patch.computing === undefined ? now.computing?.id : patch.computing;
    const place = { access, auth, accessConf, conf, ...patch, computing } as Partial<NewStorage>;
    const kept = keptSettings(
      this.#secrets,
      now,
      changeOf({ access, accessConf, conf, kind: now.backend }, { ...patch, kind: backend }, this.schemas(now)),
    );
    const parts = this.#sealed(id, await this.#checked(viewer, backend, place, kept));
    const values = { name, backend, readOnly, browsable, computing, ...parts };
    return this.store.update(viewer, id, owner, values as unknown as Partial<Storage>);
  }

  async remove(viewer: Viewer, id: string): Promise<void> {
    await this.store.remove(viewer, id);
  }

  /** Opens a storage for somebody who may use it. */
  async open(viewer: Viewer, id: string, call: Call): Promise<OpenStorage> {
    const entity = await this.store.get(viewer, id, 'use');
    if (!entity.browsable) throw new SteleError('DENIED', `“${entity.name}” is not open for browsing.`);
    return this.#backend(entity.backend).open(await this.#resource(entity), call);
  }

  /** Opens what tasks of `viewer` mount, whether or not it is open for browsing, to put files there for one of them. */
  async openMounted(viewer: Viewer, id: string, call: Call): Promise<OpenStorage> {
    const entity = await this.store.get(viewer, id, 'use');
    return this.#backend(entity.backend).open(await this.#resource(entity), call);
  }

  /** Those that `viewer` may browse and use, by name. */
  async browsable(viewer: Viewer): Promise<Storage[]> {
    const all = await this.store.list(viewer);
    return all.filter((entity) => entity.browsable && this.store.rights(viewer, entity).use);
  }

  /** Looks whether it opens and lists, as `call.who`. */
  async check(viewer: Viewer, id: string, call: Call): Promise<CheckResult> {
    const entity = await this.store.get(viewer, id, 'use');
    try {
      await using opened = await this.#backend(entity.backend).open(await this.#resource(entity), call);
      await opened.list('', { limit: 1 }, call.signal);
      return { ok: true, facts: [] };
    } catch (error) {
      if (!isSteleError(error)) throw error;
      const { message: reason, code, field } = error;
      return { ok: false, reason, code, ...(field === undefined ? {} : { field }), facts: [] };
    }
  }

  /** What a task of `viewer` on this computing mounts: every storage of the computing that they may use, and no other. */
  async mounts(viewer: Viewer, computing: string, call: Call): Promise<Mount[]> {
    const mounts: Mount[] = [];
    for (const storage of await this.store.list(viewer)) {
      if (storage.computing?.id !== computing || !this.store.rights(viewer, storage).use) continue;
      const [backend, resource] = [this.#backend(storage.backend), await this.#resource(storage)];
      const bind = await backend.bind(resource, call);
      if (!bind) continue;
      const isShared = ownerOf(storage).kind !== 'user' && backend.isShared?.(resource) !== false;
      mounts.push({ storage, isShared, bind: { ...bind, readOnly: bind.readOnly || storage.readOnly } });
    }
    return distinctTargets(mounts);
  }

  /** Schemas of what it has of settings and credentials, as far as their plugins are active. */
  schemas({ backend, access }: Pick<Storage, 'backend' | 'access'>): Schemas & { readonly credentials?: JsonSchema } {
    const { conf, credentials } = this.#backends.get(backend) ?? {};
    return { conf, accessConf: this.#methods.get(access)?.conf, ...(credentials ? { credentials } : {}) };
  }

  #ownHost(backend: string, { accessConf = {}, ...said }: Partial<NewStorage>): Way {
    return { ...wayOf(this.#backend(backend).accepts, said), accessConf: accessConf as StorageResource['accessConf'] };
  }

  #backend(id: string): StorageBackend {
    const backend = this.#backends.get(id);
    if (backend) return backend;
    throw new SteleError('UNSUPPORTED', `The plugin that opens “${id}” storages is not active.`, { field: 'backend' });
  }

  async #checked(viewer: Viewer, backend: string, input: Partial<NewStorage>, kept?: SecretSettings): Promise<Checked> {
    // D2: whoever attaches a storage decides what every task there mounts.
    const computing = input.computing ? await this.#computings.store.get(viewer, input.computing, 'change') : undefined;
    const conf = (input.conf ?? {}) as StorageResource['conf'];
    const credentials = (input.credentials ?? {}) as JsonObject;
    const way = isThrough(input.access) ? this.#hostOf(computing) : this.#ownHost(backend, input);
    const parts = { ...way, conf, credentials };
    if (needsOperator(parts.auth) && viewer.role !== 'admin') {
      const message = 'Only an administrator sets up storages that work with the platform’s own credentials.';
      throw new SteleError('DENIED', message, { field: 'auth' });
    }
    const checked = checkCombination(this.#backend(backend), parts, this.#methods, kept);
    if (!isThrough(input.access)) return checked;
    const { conf: open, secrets } = checked;
    return { ...throughComputing(parts.auth), conf: open, secrets: { ...secrets, accessConf: {} } };
  }

  /** The storage as backends see it, with what it may not show. */
  async #resource(entity: Storage): Promise<StorageResource> {
    const resource = await this.#placed(entity);
    if (!needsOperator(resource.auth)) return resource;
    const own = this.#methods.get(resource.access)?.isHere === true ? this.#platforms : [];
    return { ...resource, apart: [...own, ...(await this.#computings.keptFolders())] };
  }

  /** One that is reached through its computing is on that one's host. */
  async #placed(entity: Storage): Promise<StorageResource> {
    const { id, name, backend, access, auth, readOnly } = entity;
    const own = { id, name, backend, access, auth, readOnly, ...settingsOf(this.#secrets, entity) };
    if (!isThrough(access)) return own;
    const computing = entity.computing ? await this.#computings.store.find(entity.computing.id) : undefined;
    return { ...own, ...this.#hostOf(computing, auth), through: computing?.id ?? '' };
  }

  #hostOf(computing: Computing | undefined, agreed?: AuthMode): Way {
    return hostOf(computing && this.#computings.resource(computing), agreed);
  }

  #sealed(id: string, { secrets, ...parts }: Checked): Partial<Storage> {
    return { ...parts, secrets: sealSettings(this.#secrets, id, secrets) };
  }

  view(viewer: Viewer, entity: Storage, names: OwnerNames): StorageView {
    const { id, name, backend, access, auth, readOnly, browsable } = entity;
    const rights = this.store.rights(viewer, entity);
    return {
      ...{ id, name, backend, access, auth, readOnly, browsable },
      ...(entity.computing ? { computing: entity.computing.id } : {}),
      accessConf: rights.change ? { ...entity.accessConf } : {},
      conf: rights.change ? { ...entity.conf } : {},
      secrets: rights.change ? secretsSet(entity) : [],
      owner: ownerView(ownerOf(entity), names),
      isDeclared: Boolean(entity.declaredAs),
      rights,
      health: { state: entity.healthState, ...(entity.healthReason ? { reason: entity.healthReason } : {}) },
      createdAt: entity.createdAt.toISOString(),
    };
  }
}

/** Two folders can't be mounted at one place: the later gets a number, so that neither hides the other. */
function distinctTargets(mounts: readonly Mount[]): Mount[] {
  const taken = new Set<string>();
  return mounts.map((mount) => {
    const target = freeName(mount.bind.target, taken);
    taken.add(target);
    return { ...mount, bind: { ...mount.bind, target } };
  });
}

/** The name, with a number where somebody has it. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let n = 2; taken.has(free); n++) free = `${name}-${n}`;
  return free;
}
