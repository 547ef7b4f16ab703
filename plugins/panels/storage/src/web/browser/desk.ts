import type { Storage } from '@stele/sdk/api';
import type { Host } from '@stele/sdk/web';
import type { LitElement } from 'lit';
import type { Place } from '../model/place.ts';
import type { Rows } from '../model/window.ts';
import type { FileActions } from './actions.ts';
import type { Chooser } from './chooser.ts';
import type { FolderListing } from './listing.ts';

/** A folder on the screen, as hands, keys and menus see it: the file manager gives itself to them as this. */
export interface Desk extends LitElement {
  readonly host: Host;
  readonly storage: Storage;
  readonly place: Place;
  readonly shape: Rows;
  readonly listing: FolderListing;
  readonly chooser: Chooser;
  readonly actions: FileActions;
  readonly isWritable: boolean;
  /** Goes to a place in this storage. */
  go(change: Partial<Place>, isReplacing?: boolean): void;
  /** Opens the browser's own dialog for files or a folder. */
  pick(what: 'files' | 'folder'): void;
  focusFiles(): void;
  /** Brings the row of the cursor onto the screen. */
  showCursor(): Promise<void>;
}

/** An element of ours in it: its tag begins with this name. */
export function partOf<T extends Element>(desk: Desk, name: string): T | undefined {
  return [...desk.renderRoot.children].find((child) => child.localName.startsWith(`${name}-`)) as T | undefined;
}
