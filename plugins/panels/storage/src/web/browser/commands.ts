import type { FileItem } from '@stele/sdk/api';
import { formatNumber } from '@stele/sdk/web';
import { nameOf } from '../model/paths.ts';
import { chooseAll, chooseOnly } from '../model/selection.ts';
import { currentClip, putClip } from './clipboard.ts';
import { partOf, type Desk } from './desk.ts';
import type { FolderDialog } from './folder-dialog.ts';
import type { NameDialog } from './name-dialog.ts';

/** What can be done in a folder and with what is chosen there, whoever asks: keys, menus or bars. */
export class FileCommands {
  readonly #desk: Desk;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  newFolder(): void {
    const { actions, place } = this.#desk;
    this.#ask({
      title: 'New folder',
      action: 'Make folder',
      value: '',
      submit: async (name) => {
        await actions.makeFolder(place.path, name);
        this.#desk.chooser.selection = chooseOnly(name);
      },
    });
  }

  rename(): void {
    const { chooser, actions, isWritable } = this.#desk;
    const item = chooser.chosen[0];
    if (!item || !isWritable) return;
    this.#ask({
      title: `Rename “${item.name}”`,
      action: 'Rename',
      value: item.name,
      submit: async (name) => {
        await actions.rename(item, name);
        chooser.selection = chooseOnly(name);
      },
    });
  }

  remove(): void {
    const { chooser, actions, isWritable } = this.#desk;
    if (!isWritable) return;
    void actions.remove(chooser.chosen).then(() => this.#desk.focusFiles());
  }

  moveTo(): void {
    this.#chooseFolder('Move', (paths, folder) => this.#desk.actions.move(paths, folder));
  }

  copyTo(): void {
    this.#chooseFolder('Copy', (paths, folder) => this.#desk.actions.copy(paths, folder));
  }

  open(item: FileItem): void {
    if (item.kind === 'folder') this.#desk.go({ path: item.path });
    else this.show(item);
  }

  show(item: FileItem): void {
    const { chooser, place } = this.#desk;
    if (!chooser.selection.chosen.has(item.name)) chooser.selection = chooseOnly(item.name);
    if (place.shown !== item.name) this.#desk.go({ shown: item.name }, place.shown !== undefined);
  }

  all(): void {
    const { chooser, listing } = this.#desk;
    chooser.selection = chooseAll(chooser.selection, chooser.order);
    if (listing.isWhole) return;
    // Only what is here can be chosen: the rest is read, and can be chosen by pressing again.
    listing.want(Infinity);
    this.#desk.host.toasts.show({
      text: `The first ${formatNumber(chooser.order.length)} entries are chosen; the rest is being read.`,
    });
  }

  clip(isCut: boolean): void {
    const { chooser, storage, isWritable } = this.#desk;
    const paths = chooser.chosen.map(({ path }) => path);
    if (paths.length === 0) return;
    putClip({ storage: storage.id, paths, isCut: isCut && isWritable });
    this.#desk.host.toasts.announce(`${paths.length} ${isCut ? 'cut' : 'copied'}. Paste them with Control V.`);
    this.#desk.requestUpdate();
  }

  paste(): void {
    const { storage, place, isWritable, actions, host } = this.#desk;
    const clip = currentClip();
    if (!clip || !isWritable) return;
    if (clip.storage !== storage.id) {
      host.toasts.show({
        text: 'Files can’t go from one storage to another yet. Download them, then upload them here.',
      });
      return;
    }
    if (clip.isCut) putClip(undefined);
    void (clip.isCut ? actions.move(clip.paths, place.path) : actions.copy(clip.paths, place.path));
  }

  #chooseFolder(verb: 'Move' | 'Copy', done: (paths: readonly string[], folder: string) => Promise<void>): void {
    const { chooser, storage, place } = this.#desk;
    const paths = chooser.chosen.map(({ path }) => path);
    const title = `${verb} ${paths.length === 1 ? `“${nameOf(paths[0] ?? '')}”` : `${paths.length} entries`}`;
    const mayStay = verb === 'Copy';
    partOf<FolderDialog>(this.#desk, 'folder-dialog')?.ask({
      title,
      verb,
      storage,
      start: place.path,
      paths,
      mayStay,
      choose: (folder) => void done(paths, folder),
    });
  }

  #ask(question: Parameters<NameDialog['ask']>[0]): void {
    void partOf<NameDialog>(this.#desk, 'name-dialog')?.ask(question);
  }
}
