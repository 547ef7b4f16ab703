import type { Route, Target } from '@stele/sdk/web';
import { partsOf } from './paths.ts';
import { sortKeys, type SortKey, type Sorting } from './sort.ts';

export type View = 'list' | 'grid';

/** Where the user is, as the URL says it: a link can be sent to a colleague. */
export interface Place {
  /** Storage's id; `undefined` = none chosen yet. */
  readonly storage: string | undefined;
  readonly path: string;
  readonly view: View;
  readonly sorting: Sorting;
  readonly showsHidden: boolean;
  /** Name of the entry that is shown at the side. */
  readonly shown: string | undefined;
}

export function placeOf({ path, query }: Route): Place {
  const [storage, ...parts] = path;
  const key = query.get('sort') as SortKey | null;
  return {
    storage,
    path: partsOf(parts.join('/')).join('/'),
    view: query.get('view') === 'grid' ? 'grid' : 'list',
    sorting: { key: key && sortKeys.includes(key) ? key : 'name', isDescending: query.get('order') === 'desc' },
    showsHidden: query.get('hidden') === '1',
    shown: query.get('show') ?? undefined,
  };
}

export function targetOf(place: Place): Target {
  const { storage, path, view, sorting, showsHidden, shown } = place;
  return {
    path: storage === undefined ? [] : [storage, ...partsOf(path)],
    query: {
      view: view === 'grid' ? 'grid' : undefined,
      sort: sorting.key === 'name' ? undefined : sorting.key,
      order: sorting.isDescending ? 'desc' : undefined,
      hidden: showsHidden ? '1' : undefined,
      show: shown,
    },
  };
}
