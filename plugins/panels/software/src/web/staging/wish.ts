import type { LaunchOptions } from '@stele/sdk/api';

/** A file or folder of a storage that the task can’t mount. */
export interface Place {
  readonly storage: string;
  readonly path: string;
  /** For its icon. Default: a folder. */
  readonly isFile?: boolean;
}

/** What is to be brought into the task, and where its results go. */
export interface StagingWish {
  readonly in: readonly Place[];
  readonly out?: Place;
  readonly workspace?: string;
}

export const nothingStaged: StagingWish = { in: [] };

/** Most places that one launch may name. */
export const mostPlaces = 20;

/** With one more place, unless it is among them. */
export function withPlace(wish: StagingWish, place: Place): StagingWish {
  const isThere = wish.in.some(({ storage, path }) => storage === place.storage && path === place.path);
  return isThere ? wish : { ...wish, in: [...wish.in, place] };
}

/** Without the place at `index`. */
export function withoutPlace(wish: StagingWish, index: number): StagingWish {
  return { ...wish, in: wish.in.filter((_, at) => at !== index) };
}

/** With another folder for the results, or none. */
export function withResults(wish: StagingWish, out: Place | undefined): StagingWish {
  const { out: _, ...rest } = wish;
  return out ? { ...rest, out } : rest;
}

/** Kept in another storage meanwhile; ``: wherever the server says. */
export function withWorkspace(wish: StagingWish, workspace: string): StagingWish {
  const { workspace: _, ...rest } = wish;
  return workspace === '' ? rest : { ...rest, workspace };
}

/**
 * The part of the wish that this resource can fulfil: another one may mount what was chosen, or can’t hold it. `undefined` when
 * nothing is left.
 */
export function stagingPart(wish: StagingWish, offer: LaunchOptions['staging']): StagingWish | undefined {
  if (offer.reason !== undefined) return undefined;
  const known = new Map(offer.sources.map((source) => [source.id, source]));
  const places = wish.in.filter(({ storage }) => known.has(storage)).map(named);
  const source = wish.out && known.get(wish.out.storage);
  const out = wish.out && source && !source.readOnly ? named(wish.out) : undefined;
  if (places.length === 0 && !out) return undefined;
  const workspace = offer.workspaces.find(({ id }) => id === wish.workspace)?.id;
  return { in: places, ...(out ? { out } : {}), ...(workspace === undefined ? {} : { workspace }) };
}

const named = ({ storage, path }: Place): Place => ({ storage, path });

/** Whether something was chosen that can’t be brought here. */
export function losesSomething(wish: StagingWish, offer: LaunchOptions['staging']): boolean {
  const part = stagingPart(wish, offer);
  return wish.in.length > (part?.in.length ?? 0) || (wish.out !== undefined && part?.out === undefined);
}

/** Which part of the wish a problem is about: `in.0`, `out`, `workspace`, or `` for all of it. */
export function partOf(field: string | undefined): string | undefined {
  if (field === 'staging') return '';
  return field?.startsWith('staging.') ? field.slice('staging.'.length) : undefined;
}
