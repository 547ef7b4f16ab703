import { type Call, isSteleError, SteleError } from '@stele/sdk';
import type { LaunchOptions, NewStaging } from '@stele/sdk/api';
import { join, lastOf } from '@stele/sdk/trees';
import type { Viewer } from '../accounts/index.ts';
import { forField } from '../for-field.ts';
import type { Computings } from '../computing/index.ts';
import type { Computing, StagedPlace, StagingPlan } from '../model/index.ts';
import { freeName, type Mount, type Storages } from '../storage/index.ts';

/** Folder of a storage in which tasks have theirs. */
const shelf = 'stele-tasks';

/** Where tasks see a folder of their own, which their resource keeps. */
const ownTarget = '/stage';

/** The task that something is brought for. */
export interface StagedTask {
  readonly key: string;
  readonly name: string;
  readonly computing: Computing;
  /** What it mounts. */
  readonly mounts: readonly Mount[];
}

/** Says what may be brought into tasks, and makes a plan of what somebody wants; nothing is copied yet. */
export class StagingPlanner {
  readonly #storages: Storages;
  readonly #computings: Pick<Computings, 'driver' | 'resource'>;

  constructor(storages: Storages, computings: Pick<Computings, 'driver' | 'resource'>) {
    this.#storages = storages;
    this.#computings = computings;
  }

  /** What the launch form says of storages: those that a task mounts, and what can be brought into it. */
  async offer(viewer: Viewer, computing: Computing, call: Call): Promise<Pick<LaunchOptions, 'mounts' | 'staging'>> {
    const all = await this.#storages.browsable(viewer);
    const { mounts, reason } = await this.#mounts(viewer, computing.id, call);
    const mounted = new Set(mounts.map(({ storage }) => storage.id));
    const sources = all.filter(({ id }) => !mounted.has(id)).map(({ id, name, readOnly }) => ({ id, name, readOnly }));
    const isKept = this.#keepsFolders(computing);
    const workspaces = usable(mounts, isKept).map(({ storage: { id, name }, isShared }) => ({ id, name, isShared }));
    const isPossible = workspaces.length > 0 || isKept;
    // What keeps a launch from mounting its storages keeps it from starting as well.
    const why = reason ?? (isPossible ? undefined : noWorkspace);
    return {
      mounts: mounts.map(({ storage: { id, name }, bind: { target, readOnly } }) => ({ id, name, target, readOnly })),
      staging: { sources, workspaces, ...(why === undefined ? {} : { reason: why }) },
    };
  }

  /**
   * Checks a wish, as far as it can be before anything is copied. The task finds its folder in the storage that it mounts anyway: a
   * mount of its own would be resolved on the host, where a task that writes there may have put a link to anywhere by then.
   * @throws UNSUPPORTED when the resource mounts nothing to copy to, and what storages throw; `field` names the part of the wish
   */
  async plan(viewer: Viewer, wish: NewStaging, task: StagedTask, call: Call): Promise<StagingPlan | undefined> {
    const { in: sources = [], out } = wish;
    if (sources.length === 0 && !out) return undefined;
    const place = this.#place(wish, task);
    const places = [];
    for (const [index, source] of sources.entries()) {
      places.push(await forField(`staging.in.${index}`, this.#source(viewer, source, call)));
    }
    return {
      ...place,
      in: distinctly(places),
      ...(out ? { out: await forField('staging.out', this.#goal(viewer, out, task, call)) } : {}),
    };
  }

  /** In what the task mounts; where it mounts nothing to copy to, a folder of its own. */
  #place(wish: NewStaging, { key, mounts, computing }: StagedTask): Pick<StagingPlan, 'target' | 'workspace'> {
    const isKept = this.#keepsFolders(computing);
    const workspaces = usable(mounts, isKept);
    if (isKept && wish.workspace === undefined && workspaces.length === 0) return { target: ownTarget };
    const { storage, bind } = workspaceOf(wish, workspaces);
    const workspace = { storage: storage.id, storageName: storage.name, path: `${shelf}/${key}` };
    return { target: `${bind.target}/${workspace.path}`, workspace };
  }

  #keepsFolders(computing: Computing): boolean {
    const { stage } = this.#computings.driver(computing.driver);
    return stage?.isOffered(this.#computings.resource(computing)) === true;
  }

  async #mounts(viewer: Viewer, computing: string, call: Call): Promise<{ mounts: Mount[]; reason?: string }> {
    try {
      return { mounts: await this.#storages.mounts(viewer, computing, call) };
    } catch (error) {
      // A launch would say the same; here the rest of the form is to be seen.
      if (!isSteleError(error)) throw error;
      return { mounts: [], reason: error.message };
    }
  }

  async #source(viewer: Viewer, { storage, path }: Place, call: Call): Promise<StagedPlace> {
    const { name } = await this.#storages.store.get(viewer, storage, 'use');
    await using tree = await this.#storages.open(viewer, storage, call);
    const { kind } = await tree.stat(path, call.signal);
    if (kind === 'file' || kind === 'folder') return { storage, storageName: name, path };
    throw new SteleError('INVALID', `“${path}” in “${name}” is neither a file nor a folder.`);
  }

  async #goal(viewer: Viewer, { storage, path }: Place, task: StagedTask, call: Call) {
    const { name, readOnly } = await this.#storages.store.get(viewer, storage, 'use');
    if (readOnly) throw new SteleError('DENIED', `“${name}” can be read only. Choose another storage for the results.`);
    await using tree = await this.#storages.open(viewer, storage, call);
    const { kind } = await tree.stat(path, call.signal);
    if (kind !== 'folder') throw new SteleError('INVALID', `“${path}” in “${name}” is not a folder.`);
    return { storage, storageName: name, path, folder: join(path, ownFolder(task)) };
  }
}

interface Place {
  readonly storage: string;
  readonly path: string;
}

const noWorkspace =
  'Tasks on this resource mount no storage that you may write to, so files can’t be brought in. Whoever looks after the resource can add one to it, under Storage, or have it keep files with tasks, where it can.';

/**
 * Where files may lie, the best first: what others get to as well comes last, and not at all where the resource keeps folders.
 */
function usable(mounts: readonly Mount[], isKept: boolean): readonly Mount[] {
  const [own, shared] = [false, true].map((isShared) =>
    mounts.filter((mount) => !mount.bind.readOnly && mount.isShared === isShared),
  );
  return [...(own ?? []), ...(isKept ? [] : (shared ?? []))];
}

function workspaceOf({ workspace }: NewStaging, workspaces: readonly Mount[]): Mount {
  const [first] = workspaces;
  if (!first) throw new SteleError('UNSUPPORTED', noWorkspace, { field: 'staging' });
  if (workspace === undefined) return unshared(first);
  const found = workspaces.find(({ storage }) => storage.id === workspace);
  if (found) return found;
  const message =
    'Tasks on this resource don’t mount this storage, you may only read it, or others may. Choose another.';
  throw new SteleError('INVALID', message, { field: 'staging.workspace' });
}

/** What others read is chosen by whoever's files they are, never for them. */
function unshared(mount: Mount): Mount {
  if (!mount.isShared) return mount;
  const message = `All who may use “${mount.storage.name}” can read what lies there until the task has ended. Choose it if your files may.`;
  throw new SteleError('INVALID', message, { field: 'staging.workspace' });
}

/** Names that tell them apart in one folder. */
export function distinctly(places: readonly StagedPlace[]): readonly (StagedPlace & { readonly as: string })[] {
  const taken = new Set<string>();
  return places.map((place) => {
    const as = freeName(place.path === '' ? nameInPath(place.storageName) : lastOf(place.path), taken);
    taken.add(as);
    return { ...place, as };
  });
}

/** A folder that nobody else's results are in, told apart by people. */
function ownFolder({ name, key }: StagedTask): string {
  return `${nameInPath(name)}-${key.slice(0, 6)}`;
}

/** A name for people as a name of a folder that every system takes. */
export function nameInPath(name: string): string {
  const plain = name.normalize('NFKD').replace(/\p{M}/gu, '');
  const safe = plain
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  return safe === '' ? 'files' : safe;
}
