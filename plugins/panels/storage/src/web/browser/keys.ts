/** What a key means in a folder. */
export type KeyCommand =
  | { readonly do: 'step'; readonly by: number }
  | {
      readonly do:
        'open' | 'up' | 'all' | 'none' | 'rename' | 'delete' | 'copy' | 'cut' | 'paste' | 'menu' | 'flip' | 'show';
    }
  | { readonly do: 'type'; readonly character: string };

/** The part of a keyboard event that counts. */
export interface KeyPress {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** How far arrows go. */
export interface Shape {
  readonly columns: number;
  /** Rows on a screen. */
  readonly page: number;
  readonly count: number;
  readonly isRtl: boolean;
}

const withCtrl: Readonly<Record<string, KeyCommand>> = {
  a: { do: 'all' },
  c: { do: 'copy' },
  x: { do: 'cut' },
  v: { do: 'paste' },
  ' ': { do: 'flip' },
};

const plain: Readonly<Record<string, KeyCommand>> = {
  Enter: { do: 'open' },
  Backspace: { do: 'up' },
  Escape: { do: 'none' },
  F2: { do: 'rename' },
  Delete: { do: 'delete' },
  ContextMenu: { do: 'menu' },
  ' ': { do: 'show' },
};

/** The command of a key, by the customs of desktops; `undefined` for one that is not ours. */
export function commandOf(press: KeyPress, shape: Shape): KeyCommand | undefined {
  const { key } = press;
  const isCtrl = press.ctrlKey || press.metaKey;
  if (press.altKey) return key === 'ArrowUp' ? { do: 'up' } : undefined;
  if (key === 'F10' && press.shiftKey) return { do: 'menu' };
  const by = stepOf(key, shape);
  if (by !== undefined) return { do: 'step', by };
  if (isCtrl) return withCtrl[key.toLowerCase()];
  if (plain[key]) return plain[key];
  return Array.from(key).length === 1 ? { do: 'type', character: key } : undefined;
}

function stepOf(key: string, { columns, page, count, isRtl }: Shape): number | undefined {
  const forward = isRtl ? -1 : 1;
  switch (key) {
    case 'ArrowDown':
      return columns;
    case 'ArrowUp':
      return -columns;
    case 'ArrowRight':
      return columns > 1 ? forward : undefined;
    case 'ArrowLeft':
      return columns > 1 ? -forward : undefined;
    case 'PageDown':
      return page * columns;
    case 'PageUp':
      return -page * columns;
    case 'Home':
      return -count;
    case 'End':
      return count;
    default:
      return undefined;
  }
}
