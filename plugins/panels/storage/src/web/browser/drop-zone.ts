import type { FileItem } from '@stele/sdk/api';
import { nameOf } from '../model/paths.ts';
import { chooseOnly } from '../model/selection.ts';
import { collectDropped, collectFiles } from '../uploads/collect.ts';
import { uploads, type Picked } from '../uploads/store.ts';
import type { Desk } from './desk.ts';
import { draggedPaths, dropKind, endDrag, folderUnder, startDrag } from './drag.ts';

/** Drag and drop: files from the desktop come in, entries go into folders. */
export class DropZone {
  /** Folder that a drop would go to now. */
  target: string | undefined;
  /** What a drop of files would do, in words. */
  words: string | undefined;
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  readonly start = (event: DragEvent): void => {
    const item = this.#itemOf(event);
    if (!item) return;
    const { chooser, storage } = this.#desk;
    if (!chooser.selection.chosen.has(item.name)) chooser.selection = chooseOnly(item.name);
    startDrag(event, { storage: storage.id, paths: chooser.chosen.map(({ path }) => path) });
  };

  readonly end = (): void => {
    endDrag();
    this.#aim(undefined, undefined);
  };

  readonly over = (event: DragEvent): void => {
    const { isWritable, storage, place } = this.#desk;
    const folder = folderUnder(event, place.path);
    const kind = isWritable ? dropKind(event, storage.id, folder) : undefined;
    if (kind === undefined) return this.#aim(undefined, undefined);
    event.preventDefault();
    if (event.dataTransfer) event.dataTransfer.dropEffect = kind === 'upload' || event.ctrlKey ? 'copy' : 'move';
    this.#aim(folder, kind === 'upload' ? `Drop to upload to “${nameOf(folder) || storage.name}”` : undefined);
  };

  readonly leave = (event: DragEvent): void => {
    const to = event.relatedTarget;
    if (!(to instanceof Node) || !this.#desk.renderRoot.contains(to)) this.#aim(undefined, undefined);
  };

  readonly drop = (event: DragEvent): void => {
    const { isWritable, storage, place, actions } = this.#desk;
    const folder = folderUnder(event, place.path);
    const kind = isWritable ? dropKind(event, storage.id, folder) : undefined;
    this.#aim(undefined, undefined);
    if (kind === undefined) return;
    event.preventDefault();
    if (kind === 'upload' && event.dataTransfer) void this.#upload(collectDropped(event.dataTransfer), folder);
    if (kind === 'move')
      void (event.ctrlKey ? actions.copy(draggedPaths(), folder) : actions.move(draggedPaths(), folder));
    endDrag();
  };

  readonly picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    void this.#upload(Promise.resolve(collectFiles(input.files)), this.#desk.place.path);
    input.value = '';
  };

  async #upload(coming: Promise<Picked>, folder: string): Promise<void> {
    const { host, storage } = this.#desk;
    try {
      uploads.add(host, storage, folder, await coming);
    } catch (error) {
      host.toasts.problem(error, 'What was dropped could not be read');
    }
  }

  #itemOf(event: Event): FileItem | undefined {
    const row = (event.target as HTMLElement).closest<HTMLElement>('[data-at]');
    return row ? this.#desk.chooser.items[Number(row.dataset['at'])] : undefined;
  }

  #aim(target: string | undefined, words: string | undefined): void {
    if (target === this.target && words === this.words) return;
    this.target = target;
    this.words = words;
    this.#desk.requestUpdate();
  }
}
