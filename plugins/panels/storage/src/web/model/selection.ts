/** What is chosen in a folder, by name; and where the keyboard is. */
export interface Selection {
  readonly chosen: ReadonlySet<string>;
  /** Where a range with Shift starts. */
  readonly anchor: string | undefined;
  /** The one that arrows move and Enter opens. */
  readonly cursor: string | undefined;
}

export const nothingChosen: Selection = { chosen: new Set(), anchor: undefined, cursor: undefined };

/** Whether Shift and Ctrl/⌘ were held. */
export interface Held {
  readonly isExtending?: boolean;
  readonly isAdding?: boolean;
}

export function chooseOnly(name: string): Selection {
  return { chosen: new Set([name]), anchor: name, cursor: name };
}

export function toggle(selection: Selection, name: string): Selection {
  const chosen = new Set(selection.chosen);
  if (!chosen.delete(name)) chosen.add(name);
  return { chosen, anchor: name, cursor: name };
}

export function chooseAll(selection: Selection, order: readonly string[]): Selection {
  return { ...selection, chosen: new Set(order), cursor: selection.cursor ?? order[0] };
}

/** A press of the mouse on a row, as desktops have it. */
export function press(selection: Selection, order: readonly string[], name: string, held: Held): Selection {
  if (held.isExtending) return extendTo(selection, order, name, held.isAdding ?? false);
  return held.isAdding ? toggle(selection, name) : chooseOnly(name);
}

/** Moves the cursor by `by` rows; with Shift the range follows, with Ctrl/⌘ the cursor alone moves. */
export function step(selection: Selection, order: readonly string[], by: number, held: Held): Selection {
  if (order.length === 0) return nothingChosen;
  const at = selection.cursor === undefined ? -1 : order.indexOf(selection.cursor);
  const to = at === -1 ? (by < 0 ? order.length - 1 : 0) : Math.max(0, Math.min(order.length - 1, at + by));
  const name = order[to] as string;
  if (held.isExtending) return extendTo(selection, order, name, false);
  return held.isAdding ? { ...selection, cursor: name } : chooseOnly(name);
}

/** What is left of a selection when the folder has changed. */
export function among(selection: Selection, names: ReadonlySet<string>): Selection {
  const isThere = (name: string | undefined): string | undefined =>
    name !== undefined && names.has(name) ? name : undefined;
  const chosen = new Set([...selection.chosen].filter((name) => names.has(name)));
  return { chosen, anchor: isThere(selection.anchor), cursor: isThere(selection.cursor) };
}

/** The next row whose name begins with what was typed, from the cursor on and around. */
export function startingWith(selection: Selection, order: readonly string[], typed: string): Selection {
  const from = Math.max(0, order.indexOf(selection.cursor ?? ''));
  const offset = typed.length === 1 ? 1 : 0;
  const wanted = typed.toLocaleLowerCase();
  for (let n = 0; n < order.length; n++) {
    const name = order[(from + offset + n) % order.length] as string;
    if (name.toLocaleLowerCase().startsWith(wanted)) return chooseOnly(name);
  }
  return selection;
}

function extendTo(selection: Selection, order: readonly string[], name: string, isAdding: boolean): Selection {
  const anchor = selection.anchor ?? selection.cursor ?? name;
  const from = order.indexOf(anchor);
  const to = order.indexOf(name);
  if (from === -1 || to === -1) return chooseOnly(name);
  const range = order.slice(Math.min(from, to), Math.max(from, to) + 1);
  return { chosen: new Set([...(isAdding ? selection.chosen : []), ...range]), anchor, cursor: name };
}
