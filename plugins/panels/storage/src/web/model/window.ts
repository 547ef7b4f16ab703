/** Rows of one height, of which only those near the screen are drawn. */
export interface Rows {
  /** Entries in all. */
  readonly count: number;
  /** Entries side by side. */
  readonly columns: number;
  /** Pixels from one row to the next. */
  readonly rowHeight: number;
}

/** Entries `from` (inclusive) to `to` (exclusive), and where the first stands. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** What to draw when `top` pixels of the rows lie above the screen, which is `height` high. */
export function windowOf({ count, columns, rowHeight }: Rows, top: number, height: number, beyond = 6): Window {
  const rows = Math.ceil(count / columns);
  const clamp = (row: number): number => Math.max(0, Math.min(rows, row));
  const first = clamp(Math.floor(top / rowHeight) - beyond);
  const last = clamp(Math.ceil((top + height) / rowHeight) + beyond);
  return { from: first * columns, to: Math.min(count, last * columns), offset: first * rowHeight };
}

export function heightOf({ count, columns, rowHeight }: Rows): number {
  return Math.ceil(count / columns) * rowHeight;
}

/** How many tiles of at least `width` fit side by side. */
export function columnsFor(room: number, width: number, gap: number): number {
  return Math.max(1, Math.floor((room + gap) / (width + gap)));
}
