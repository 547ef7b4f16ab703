/** Anything with an id. */
export interface WithId {
  /** Unique in its list. */
  readonly id: string;
}

/** The list with `item` in the place of the one with its id, or first when it is new. */
export function upserted<T extends WithId>(items: readonly T[], item: T): readonly T[] {
  const at = items.findIndex((other) => other.id === item.id);
  return at === -1 ? [item, ...items] : items.with(at, item);
}

/** The list without the one with this id. */
export function removed<T extends WithId>(items: readonly T[], id: string): readonly T[] {
  return items.filter((item) => item.id !== id);
}

/** Whether every word of `search` is in one of `texts`; an empty search fits everything. */
export function matches(search: string, ...texts: readonly (string | undefined)[]): boolean {
  const hay = texts.join('\n').toLocaleLowerCase();
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => hay.includes(word));
}
